import { ReusedMemory } from '../../memory/reused-memory.ts';
import { AnswerBuffer } from './answer-buffer.ts';
import { toBytes } from './chunk.ts';
import { writeLateValues } from './late-values.ts';
import type { Plan } from './plan.ts';
import type { Run } from './run.ts';
import type { WrittenAnswers } from './written-answers.ts';

/** A plan, and how long its answers are. */
export interface ReadyPlan extends Plan {
  /** Size of the last answer without its late values. */
  size: number;
  /** Size of all of it. */
  wholeSize: number;
}

/** That of an answer before there was one. */
export const firstSize = 1024;

/** A host is written where there is room for the longest, which the last one must have, too. */
const roomOfHost = 2048;

/** Sizes of answers differ; what is too much is given back with the answer. */
const maxFirstSize = 256 * 1024;

const worthFinding = 4 * 1024;

/** Apollo Server ends answers with a new line. */
const [head, tail] = [toBytes('{"data":{'), toBytes('}}\n')];

/** What nothing is written into. There is no other until all that is to be written has been read, which may take long. */
export const unwritten = new AnswerBuffer(0, new ReusedMemory(0));

/** What an answer is written from, and where. */
interface Material {
  /** What the root fields gave. */
  readonly values: readonly unknown[];
  readonly writtenAnswers: WrittenAnswers;
}

/** The bytes of the whole answer: those that an equal operation has written, or its own. */
export async function answerBytes(plan: ReadyPlan, run: Run, material: Material): Promise<Uint8Array> {
  const { values, writtenAnswers } = material;
  // To look for a short one takes as long as to write it.
  if (plan.wholeSize < worthFinding) return (await writeAnswer(plan, run, material)).written();
  const { variables } = run;
  return writtenAnswers.answer({ plan, values, variables }, () => writeAnswer(plan, run, material));
}

/** Writes the answer. That takes more than one turn where values are late, and only then is there a promise. */
function writeAnswer(
  plan: ReadyPlan,
  run: Run,
  { values, writtenAnswers }: Material,
): AnswerBuffer | Promise<AnswerBuffer> {
  const out = new AnswerBuffer(plan.size, writtenAnswers.memory);
  run.out = out;
  out.raw(head);
  let index = 0;
  for (const { prefix, write } of plan.roots) {
    out.raw(prefix);
    write(run, values[index]);
    index += 1;
  }
  out.raw(tail);
  plan.size = Math.min(out.at + (out.at >> 2) + roomOfHost, maxFirstSize);
  return run.lateValues.length === 0 ? finish(plan, run) : finishLater(plan, run);
}

async function finishLater(plan: ReadyPlan, run: Run): Promise<AnswerBuffer> {
  await writeLateValues(run, 0);
  // To send so much takes long, too.
  await run.context.longWork.take();
  return finish(plan, run);
}

function finish(plan: ReadyPlan, { out }: Run): AnswerBuffer {
  plan.wholeSize = out.at;
  return out;
}
