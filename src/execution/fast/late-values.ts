import type { Run, WriteValue } from './run.ts';

/** A value that is written when what stands around it is: it is not there yet, or too long to be written at once. */
export interface LateValue {
  /** Where in the answer it belongs. */
  readonly at: number;
  /** How long it may be, where that is known. */
  readonly expectedBytes: number;
  /** Writes it behind what was written last. */
  write(run: Run): Promise<void>;
}

/** Writes a value, or leaves its place where it is not there yet. */
export function writeSoonerOrLater(run: Run, value: unknown, write: WriteValue): void {
  if (!(value instanceof Promise)) {
    write(run, value);
    return;
  }
  // It is waited for in its turn, and graphql-js is to tell of whatever fails.
  value.catch(() => undefined);
  run.lateValues.push({
    at: run.out.at,
    expectedBytes: 0,
    write: async (current) => {
      write(current, await value);
    },
  });
}

/** Room for a little more than is expected, since it takes time to make more. */
export const spare = 1.05;

/** Writes what was left out from `start` on, and what is left out meanwhile, between what was written around it. */
export async function writeLateValues(run: Run, start: number): Promise<void> {
  const { out, lateValues } = run;
  run.lateValues = [];
  const around = out.takeOff(start);
  const expected = lateValues.reduce((sum, { expectedBytes }) => sum + expectedBytes, 0);
  out.ensure(around.length + Math.ceil(expected * spare));
  let copied = 0;
  for (const late of lateValues) {
    out.piece(around, copied, late.at - start);
    copied = late.at - start;
    const from = out.at;
    await late.write(run);
    if (run.lateValues.length > 0) await writeLateValues(run, from);
  }
  out.piece(around, copied, around.length);
}
