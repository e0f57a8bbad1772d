import { toJobApiError } from '../domain/errors.ts';

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

  return <Result>(read: () => Promise<Result>) => {
    if (free === 0) return whenThereIsAPlace(read, waiting, leave);
    free -= 1;
    const result = read();
    result.then(leave, leave);
    return result;
  };
}

function whenThereIsAPlace<Result>(
  read: () => Promise<Result>,
  waiting: (() => void)[],
  leave: () => void,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    waiting.push(() => {
      read().then(
        (result) => {
          leave();
          resolve(result);
        },
        (error: unknown) => {
          leave();
          reject(toJobApiError(error));
        },
      );
    });
  });
}
