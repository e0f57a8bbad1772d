/** Starts a read when there is a place for it, and gives what it gives. */
export type ReadInTurn = <Result>(read: () => Promise<Result>) => Promise<Result>;

/**
 * Lets so many reads be under way at a time; the others wait for their turn. Every operation has one, and most never
 * have a read wait: those cost nothing but a count.
 */
export function createParallelReads(most: number): ReadInTurn {
  const waiting: (() => void)[] = [];
  let free = most;

  function leave(): void {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  }

  function start<Result>(read: () => Promise<Result>): Promise<Result> {
    const result = read();
    result.then(leave, leave);
    return result;
  }

  return <Result>(read: () => Promise<Result>) => {
    if (free > 0) {
      free -= 1;
      return start(read);
    }
    return new Promise<Result>((resolve) => {
      waiting.push(() => {
        resolve(start(read));
      });
    });
  };
}
