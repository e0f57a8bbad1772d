import { JobApiError } from './errors.ts';
import { hostPartIn, hostPartOf } from './ip-results.ts';
import type { StepInstance, StepIpResult } from './job-instance.ts';
import type { JobReference, ScopeKind } from './scope.ts';

/** What a global id names. `host` is the last part of the id, not yet looked for among the hosts. */
export type GlobalId =
  | { readonly kind: 'JobInstance'; readonly job: JobReference }
  | { readonly kind: 'StepInstance'; readonly job: JobReference; readonly stepInstanceId: string }
  | {
      readonly kind: 'StepIpResult';
      readonly job: JobReference;
      readonly stepInstanceId: string;
      readonly host: string;
    };

/** Identifiers of bk-job are positive Java longs (upstream contract 7). They stay text and never become a double. */
const upstreamIdPattern = /^[1-9][0-9]{0,18}$/;

/** 0 is the default cloud area (upstream contract 2.2). */
const bkCloudIdPattern = /^(?:0|[1-9][0-9]{0,18})$/;

const globalIdPattern =
  /^(biz|biz_set|tenant_set):([1-9][0-9]{0,18}):([1-9][0-9]{0,18})(?::([1-9][0-9]{0,18})(?::(.+))?)?$/su;

/** An identifier of bk-job as it came with a request. Throws BAD_USER_INPUT that names the argument. */
export function parseUpstreamId(value: string, argument: string): string {
  if (upstreamIdPattern.test(value)) return value;
  throw new JobApiError(
    'BAD_USER_INPUT',
    `${argument} must be a whole number above 0 with at most 19 digits.`,
  );
}

/** A cloud area as it came with a request. Throws BAD_USER_INPUT that names the argument. */
export function parseBkCloudId(value: string, argument: string): string {
  if (bkCloudIdPattern.test(value)) return value;
  throw new JobApiError('BAD_USER_INPUT', `${argument} must be 0 or a whole number with at most 19 digits.`);
}

/** Global id of a job: stable for good, opaque to clients (schema.md 4). */
export function jobInstanceGlobalId({ scope, jobInstanceId }: JobReference): string {
  return `${scope.kind}:${scope.id}:${jobInstanceId}`;
}

/** Global id of a step. */
export function stepInstanceGlobalId(
  step: Pick<StepInstance, 'stepInstanceId'> & { readonly jobInstance: JobReference },
): string {
  return `${jobInstanceGlobalId(step.jobInstance)}:${step.stepInstanceId}`;
}

/** Global id of a host in a step. A retry does not change it. */
export function stepIpResultGlobalId(result: StepIpResult): string {
  return `${stepInstanceGlobalId(result.step)}:${hostPartOf(result)}`;
}

/** What a text names as a global id; null where it cannot be one. */
export function parseGlobalId(text: string): GlobalId | null {
  const [, kind, scopeId, jobInstanceId, stepInstanceId, host] = globalIdPattern.exec(text) ?? [];
  if (kind === undefined || scopeId === undefined || jobInstanceId === undefined) return null;
  const job: JobReference = { scope: { kind: kind as ScopeKind, id: scopeId }, jobInstanceId };
  if (stepInstanceId === undefined) return { kind: 'JobInstance', job };
  if (host === undefined) return { kind: 'StepInstance', job, stepInstanceId };
  return { kind: 'StepIpResult', job, stepInstanceId, host };
}

/** A gateway may ask for a thousand hosts of one step at once; each step is gone through only once for them. */
const placesByHostPart = new WeakMap<StepInstance, ReadonlyMap<string, number>>();

/** The host of a step that the last part of a global id names; null where there is none. */
export function findIpResult(step: StepInstance, host: string): StepIpResult | null {
  let places = placesByHostPart.get(step);
  if (places === undefined) {
    const { table, rows } = step.ipResults;
    places = new Map(Array.from(rows, (row, place) => [hostPartIn(table, row), place]));
    placesByHostPart.set(step, places);
  }
  const place = places.get(host);
  return place === undefined ? null : (step.ipResults.at(place) ?? null);
}
