import fc from 'fast-check';
import { getOperationAST, getVariableValues, parse } from 'graphql';
import { expect, it } from 'vitest';
import { createOperationContext } from '../../../../src/context/operation-context.ts';
import { JobApiError } from '../../../../src/domain/errors.ts';
import type { JobInstance } from '../../../../src/domain/job-instance.ts';
import { createLookAhead } from '../../../../src/execution/look-ahead.ts';
import {
  createOperationPipeline,
  type OperationPipeline,
  type PreparedOperation,
} from '../../../../src/execution/operation-pipeline.ts';
import { createExecutableSchema } from '../../../../src/execution/schema.ts';
import type { Frame } from '../../../../src/execution/subscriptions/frame.ts';
import { StreamMemory } from '../../../../src/execution/subscriptions/stream-memory.ts';
import { SubscriptionSource } from '../../../../src/execution/subscriptions/subscription-source.ts';
import type { JobUpdate } from '../../../../src/live/job-following.ts';
import { readStatusByScan, readWholeStatus } from '../../../../src/upstream/wire/read-status.ts';
import { ReusedMemory } from '../../../../src/memory/reused-memory.ts';
import { arbitraryWireText } from '../../../support/arbitrary-wire-bytes.ts';
import { payloadOf } from '../../../support/live/frame-payload.ts';
import { callerNamed, createInMemoryBkJob, job100 } from '../../../support/live/in-memory-bk-job.ts';
import { createTestLiveJobs } from '../../../support/live/test-live-jobs.ts';
import { generateOperation } from '../../../support/operations/generate-operation.ts';

const schema = createExecutableSchema({ node: true, subscription: true });
const taken = { fast: 0, left: 0 };
const pipeline = createOperationPipeline({
  schema,
  introspection: true,
  limits: { maxDocumentBytes: 65_536, parserMaxTokens: 1000, maxCost: 50_000 },
  observer: {
    documentLookedUp: () => undefined,
    fastPathTaken: () => (taken.fast += 1),
    fastPathLeft: () => (taken.left += 1),
  },
  report: () => undefined,
});
const slow: OperationPipeline = {
  ...pipeline,
  fast: { tryExecute: () => Promise.resolve(null), sent: () => undefined },
};
const lookAhead = createLookAhead(schema);

/** All messages of a stream of these updates. Whatever reads a job meanwhile is noted. */
async function framesOf(
  using: OperationPipeline,
  prepared: PreparedOperation,
  updates: readonly JobUpdate[],
) {
  const bkJob = createInMemoryBkJob(() => 0);
  const reported: unknown[] = [];
  const createContext = () => ({
    ...createOperationContext(
      {
        jobApi: bkJob,
        liveJobs: createTestLiveJobs(bkJob).liveJobs,
        lookAhead,
        maxParallelReads: 8,
        jobWebUrl: 'https://job.example.com',
        report: (fault) => reported.push(fault),
      },
      { identification: callerNamed('alice'), signal: new AbortController().signal },
    ),
    jobFollowing: {
      updates: () => {
        const each = updates[Symbol.iterator]();
        return {
          next: () => Promise.resolve(each.next()),
          hurry: () => undefined,
          [Symbol.asyncIterator]() {
            return this;
          },
        };
      },
      wait: () => Promise.reject(new Error('Nobody waits here.')),
    },
  });
  const source = new SubscriptionSource(prepared, {
    pipeline: using,
    createContext,
    kept: new StreamMemory(2 ** 30).begin('alice'),
  });
  const frames: Frame[] = [];
  for (let frame = await source.next(); frame !== null; frame = await source.next()) frames.push(frame);
  return { frames, reads: bkJob.reads.length, reported: reported.length };
}

const told = (frames: readonly Frame[]) =>
  frames.map((frame) => ({
    payload: payloadOf(frame),
    errors: JSON.stringify(frame.errors),
    isLast: frame.isLast,
    isKnown: frame.isKnown,
  }));

/** Which messages say the same as the one before. */
const repeated = (frames: readonly Frame[]) =>
  frames.map(({ bytes }, index) => bytes === frames[index - 1]?.bytes);

function prepare(document: string, givenVariables: PreparedOperation['variables']): PreparedOperation {
  const parsed = parse(document);
  const operation = getOperationAST(parsed)!;
  const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], givenVariables);
  const variables = coerced!;
  return {
    document: parsed,
    operation,
    variables,
    givenVariables,
    charge: null,
    operationClass: 'hosts',
  };
}

async function readJob(text: string): Promise<JobInstance> {
  const response = { status: 200, headers: {}, body: new TextEncoder().encode(text.replace('"JOB"', '100')) };
  const reading = {
    job: job100,
    hostDetail: true,
    observedAt: 1_700_000_000_000,
    envelope: { permissionApplyUrl: null },
    rowMemory: new ReusedMemory(0),
    longWork: { isOver: () => false, next: () => Promise.resolve() },
  };
  return (await readStatusByScan(response, reading)) ?? readWholeStatus(response, reading);
}

const state = (job: JobInstance, isKnown = false): JobUpdate => ({
  job,
  error: null,
  isLast: false,
  isKnown,
});
const end = (error: JobApiError): JobUpdate => ({ job: null, error, isLast: true, isKnown: false });

/** Unknown codes and members, missing and null ones, every way of writing a text. */
const texts = [60, 1_000, 9_000].flatMap((oddMember) =>
  fc.sample(arbitraryWireText('"JOB"', { oddMember }), 60),
);
const jobs = (await Promise.allSettled(texts.map(readJob))).flatMap((read) =>
  read.status === 'fulfilled' ? [read.value] : [],
);

const runs = 300;

/** One root field, in no fragment and without condition; the rest is left to chance. */
function generateSubscription(choose: (max: number) => number) {
  const root = 'jobInstance(scope: {bkBizId: 2}, jobInstanceId: 100)';
  const first = [0, 2, 0, 0, 1];
  const { document, variables } = generateOperation(
    schema,
    { roots: [root], variables: {} },
    (max) => first.shift() ?? choose(max),
  );
  return {
    document: document.replace(/^query/, 'subscription').replace('jobInstance(', 'jobInstanceUpdated('),
    variables,
  };
}

it('events are told as graphql-js would tell them, and what is known is not read again', async () => {
  expect(jobs.length).toBeGreaterThan(60);
  await fc.assert(
    fc.asyncProperty(
      fc.gen(),
      fc.constantFrom(...jobs),
      fc.constantFrom(...jobs),
      fc.boolean(),
      async (generate, one, other, isKnown) => {
        const { document, variables } = generateSubscription((max) => generate(fc.nat, { max }));
        const prepared = prepare(document, variables);
        const updates = [state(one, isKnown), state(one), state(other), state(one)];
        const ended = [...updates, end(new JobApiError('PERMISSION_DENIED', 'no\u2028"'))];
        const expected = await framesOf(slow, prepared, ended);
        const made = await framesOf(pipeline, prepared, ended);
        expect(told(made.frames)).toEqual(told(expected.frames));
        expect(repeated(made.frames)).toEqual(repeated(expected.frames));
        expect([made.reads, made.reported]).toEqual([0, expected.reported]);
        // A line of an event stream ends with these.
        for (const { bytes } of made.frames) {
          expect(bytes.includes(0x0a) || bytes.includes(0x0d)).toBe(false);
        }
      },
    ),
    { numRuns: runs },
  );
  expect(taken.fast).toBeGreaterThan(runs);
}, 120_000);

it('a stream is answered from bytes from its second event on, and another with its document from its first', async () => {
  const prepared = prepare(
    'subscription { jobInstanceUpdated(scope: {bkBizId: 2}, jobInstanceId: 100) { name ipResultSummary { total } } }',
    {},
  );
  const [before, job] = [{ ...taken }, jobs[0]!];
  await framesOf(pipeline, prepared, [state(job), state(job)]);
  expect(taken).toEqual({ ...before, fast: before.fast + 1 });
  await framesOf(pipeline, prepared, [state(job), end(new JobApiError('NOT_FOUND'))]);
  expect(taken).toEqual({ fast: before.fast + 2, left: before.left + 1 });
});
