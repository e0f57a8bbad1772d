import { stepInstanceGlobalId } from '../../domain/identifiers.ts';
import type { StepInstance } from '../../domain/job-instance.ts';
import { toBytes, toChunk, type Chunk } from './chunk.ts';

/** What the ids of all hosts of a step begin with. Kept with the step: nothing of an answer may outlive it here. */
const idStarts = new WeakMap<StepInstance, Chunk>();

export function idStartOf(step: StepInstance): Chunk {
  let start = idStarts.get(step);
  if (start === undefined) {
    start = toChunk(toBytes(`"${stepInstanceGlobalId(step)}:`));
    idStarts.set(step, start);
  }
  return start;
}
