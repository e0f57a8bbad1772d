import { ReusedMemory } from '../../memory/reused-memory.ts';
import type { AnswerBuffer } from './answer-buffer.ts';
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
  readonly written: AnswerBuffer | Promise<AnswerBuffer>;
  /** The variables as text, once there was somebody to compare them with. */
  variablesText: string | null;
  /** Those with which it can be found. */
  readonly among: WrittenAnswer[];
  /** How many have asked for it and have not said that they sent it. */
  takers: number;
}

interface TakenAnswer {
  readonly answer: WrittenAnswer;
  readonly written: AnswerBuffer;
}

/**
 * By which what an answer was written from leads to it, and bytes of it to whose they are. A WeakMap would do, but V8
 * may keep what it was given, and what hangs on that, until it goes through its whole heap.
 */
const answersHere = Symbol('written answers');
const takenHere = Symbol('taken answer');

interface Source {
  [answersHere]?: WrittenAnswer[];
}

interface TakenBytes extends Uint8Array {
  [takenHere]?: TakenAnswer | undefined;
}

/** Operations over one job that are answered at the same time: few, and those that are more write for themselves. */
const maxAnswers = 8;

/** Four answers of 10,000 hosts with all fields. */
const maxKept = 12 * 1024 * 1024;

/**
 * Lets equal operations over one and the same read write their answer once: fifty dashboards of one user that ask at
 * once share the call of bk-job, and what it gave is one object for all of them and for nobody else. That object is
 * what an answer is found by, so that none can reach whoever did not share the read, and it goes when the object does.
 *
 * When all who have asked for an answer say that they sent it, it can be found no more, and its memory is for others.
 * Where only one of them does not say so, nobody else ever gets it.
 */
export class WrittenAnswers {
  /** What answers are to be written in. */
  readonly memory = new ReusedMemory(maxKept);

  /** The answer to an equal operation from the same values, or the one that `write` makes. */
  async answer(writing: Writing, write: () => WrittenAnswer['written']): Promise<Uint8Array> {
    const among = answersFrom(writing);
    const alike = among.filter((one) => isAlike(one, writing));
    // Variables may hold tens of thousands of values: they become text once, not for each that is compared.
    const variablesText = alike.length === 0 ? null : JSON.stringify(writing.variables);
    const shared = alike.find((one) => textOfVariables(one) === variablesText);
    if (shared === undefined) {
      // By a spread it would have a shape of its own each time (V8 of Node 20).
      const { plan, values, variables } = writing;
      return take(add(among, { plan, values, variables, variablesText }, write()));
    }
    try {
      return await take(shared);
    } catch {
      // Whoever wrote it may have left in the middle, which is nothing to others.
      return this.answer(writing, write);
    }
  }

  /** These bytes have gone out, and whoever asked for them looks at them no more. To say so twice says no more. */
  sent(bytes: TakenBytes): void {
    const taken = bytes[takenHere];
    if (taken === undefined) return;
    bytes[takenHere] = undefined;
    const { answer, written } = taken;
    answer.takers -= 1;
    if (answer.takers > 0) return;
    forget(answer);
    this.memory.giveBack(written.bytes);
  }
}

/** One more who asks for it. It can be found no more where it cannot be written. */
async function take(answer: WrittenAnswer): Promise<Uint8Array> {
  answer.takers += 1;
  let written: AnswerBuffer;
  try {
    written = await answer.written;
  } catch (thrown) {
    forget(answer);
    throw thrown;
  }
  // Each has bytes of its own, though in the same place, by which it says that they were sent.
  const bytes: TakenBytes = written.written();
  bytes[takenHere] = { answer, written };
  return bytes;
}

function forget(answer: WrittenAnswer): void {
  const place = answer.among.indexOf(answer);
  if (place !== -1) answer.among.splice(place, 1);
}

/** What was written from the same read. References have a list of their own each time, of what they lead to. */
function answersFrom({ values: [first] }: Writing): WrittenAnswer[] {
  const read: unknown = Array.isArray(first) ? first[0] : first;
  if (typeof read !== 'object' || read === null) return [];
  const source: Source = read;
  const known = source[answersHere];
  if (known !== undefined) return known;
  const none: WrittenAnswer[] = [];
  source[answersHere] = none;
  return none;
}

type NewAnswer = Writing & Pick<WrittenAnswer, 'variablesText'>;

function add(among: WrittenAnswer[], writing: NewAnswer, written: WrittenAnswer['written']): WrittenAnswer {
  const { plan, values, variables, variablesText } = writing;
  const answer = { plan, values, variables, variablesText, written, among, takers: 0 };
  if (among.length < maxAnswers) among.push(answer);
  return answer;
}

/** Equal but for the variables, perhaps. */
function isAlike(one: Writing, other: Writing): boolean {
  return one.plan === other.plan && one.values.every((value, index) => isSame(value, other.values[index]));
}

function isSame(one: unknown, other: unknown): boolean {
  if (!Array.isArray(one) || !Array.isArray(other)) return one === other;
  return one.length === other.length && one.every((item, index) => item === other[index]);
}

function textOfVariables(answer: WrittenAnswer): string {
  answer.variablesText ??= JSON.stringify(answer.variables);
  return answer.variablesText;
}
