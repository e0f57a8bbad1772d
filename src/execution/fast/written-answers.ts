import type { Plan } from './plan.ts';
import type { Run } from './run.ts';

/** What an answer was written from, and for which operation. */
export interface Writing {
  readonly plan: Plan;
  /** What the root fields gave. */
  readonly values: readonly unknown[];
  readonly variables: Run['variables'];
}

interface WrittenAnswer extends Writing {
  readonly bytes: Promise<Uint8Array>;
}

/** Operations over one job that are answered at the same time: few, and those that are more write for themselves. */
const maxAnswers = 8;

/**
 * Lets equal operations over one and the same read write their answer once: fifty dashboards of one user that ask at
 * once share the call of bk-job, and what it gave is one object for all of them and for nobody else. That object is
 * what an answer is found by, so that none can reach whoever did not share the read, and it goes when the object does.
 */
export class WrittenAnswers {
  readonly #answers = new WeakMap<object, WrittenAnswer[]>();

  /** The answer to an equal operation from the same values, or the one that `write` makes. */
  answer(writing: Writing, write: () => Promise<Uint8Array>): Promise<Uint8Array> {
    const [first] = writing.values;
    if (typeof first !== 'object' || first === null) return write();
    const known = this.#answers.get(first) ?? [];
    const earlier = known.find((one) => isEqual(one, writing));
    if (earlier !== undefined) return earlier.bytes;
    const bytes = write();
    if (known.length === 0) this.#answers.set(first, known);
    if (known.length < maxAnswers) known.push({ ...writing, bytes });
    return bytes;
  }
}

function isEqual(one: Writing, other: Writing): boolean {
  return (
    one.plan === other.plan &&
    one.values.every((value, index) => value === other.values[index]) &&
    JSON.stringify(one.variables) === JSON.stringify(other.variables)
  );
}
