/** An instant in milliseconds since 1970 as `DateTime` takes it. */
export function toDate(milliseconds: number | null): Date | null {
  return milliseconds === null ? null : new Date(milliseconds);
}
