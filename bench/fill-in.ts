/** A body or path with its jobs put in. */
export function fillIn(template: string, jobs: readonly number[]): string {
  return template.replaceAll(/@(\d+)@/g, (_, index: string) => String(jobs[Number(index)]));
}

/** `count` numbers from `first` on. */
export function range(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}
