import type { JobInstance, StepInstance } from './job-instance.ts';

const revisions = new WeakMap<JobInstance, string>();

/**
 * Fingerprint of a job and its steps, hosts left out: equal where everything that bk-job says of them is. It depends
 * on nothing else, so every process makes the same one of the same state.
 */
export function jobRevision(job: JobInstance): string {
  const known = revisions.get(job);
  if (known !== undefined) return known;
  const { scope, jobInstanceId, name, statusCode, finished } = job;
  const head = [scope.kind, scope.id, jobInstanceId, name, statusCode, finished, ...timesOf(job)];
  const revision = fingerprint(JSON.stringify([...head, ...job.steps.map(partsOf)]));
  revisions.set(job, revision);
  return revision;
}

function partsOf(step: StepInstance): readonly unknown[] {
  const { stepInstanceId, name, typeCode, statusCode, executeCount } = step;
  return [stepInstanceId, name, typeCode, statusCode, executeCount, ...timesOf(step)];
}

function timesOf({ createTime, startTime, endTime, totalTime }: JobInstance | StepInstance) {
  return [createTime, startTime, endTime, totalTime];
}

/** Two lanes of 32 bits in the manner of FNV-1a, each mixed once more at its end. No secret, no proof: it tells states apart. */
function fingerprint(text: string): string {
  let first = 0x811c9dc5;
  let second = 0x9e3779b9;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    first = Math.imul(first ^ unit, 0x01000193);
    second = Math.imul(second ^ unit, 0x85ebca6b) + at;
  }
  return toText(mix(first ^ text.length)) + toText(mix(second ^ first));
}

/** Each bit of the input changes about half of those of the output. */
function mix(lane: number): number {
  let mixed = lane;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x7feb352d);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

function toText(lane: number): string {
  return lane.toString(36).padStart(7, '0');
}
