import { execute, getOperationAST, getVariableValues, parse, type ExecutionResult } from 'graphql';
import { expect, it } from 'vitest';
import { createOperationContext } from '../../../../src/context/operation-context.ts';
import { createFastExecution } from '../../../../src/execution/fast/fast-execution.ts';
import { createLookAhead } from '../../../../src/execution/look-ahead.ts';
import { createExecutableSchema } from '../../../../src/execution/schema.ts';
import { callerNamed, createInMemoryBkJob, finishedJob } from '../../../support/live/in-memory-bk-job.ts';
import { createTestLiveJobs } from '../../../support/live/test-live-jobs.ts';
import { createVirtualClock } from '../../../support/live/virtual-clock.ts';
import { hostRow, stepData } from '../../../support/build-job.ts';

const schema = createExecutableSchema({ node: true, subscription: true });
const lookAhead = createLookAhead(schema);
const document = parse(`query Wait($job: ID!) {
  waitForJobInstance(scope: {bkBizId: 2}, jobInstanceId: $job, timeout: 30000) {
    id status finished steps { name ipResults { id ip startTime } }
  }
}`);
const operation = getOperationAST(document)!;
const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], { job: '100' });
const variables = coerced!;
const fast = createFastExecution(schema);

/** A job that runs, and an operation about it. */
function start() {
  const clock = createVirtualClock();
  const bkJob = createInMemoryBkJob(() => clock.now());
  const context = createOperationContext(
    {
      jobApi: bkJob,
      liveJobs: createTestLiveJobs(bkJob, { clock }).liveJobs,
      lookAhead,
      maxParallelReads: 8,
      jobWebUrl: null,
      report: () => undefined,
    },
    { identification: callerNamed('alice'), signal: new AbortController().signal },
  );
  return {
    clock,
    bkJob,
    context,
    write: () => fast.tryExecute({ document, operation, variables, context }),
    execute: () =>
      Promise.resolve(execute({ schema, document, variableValues: variables, contextValue: context })),
  };
}

type Started = ReturnType<typeof start>;

/** How an operation ends where the job is over after three seconds, or is refused from then on. */
async function endOf<Result>(
  { clock, bkJob }: Started,
  operationUnderWay: Promise<Result>,
  isRefused = false,
): Promise<Result> {
  await clock.advance(3_000);
  if (isRefused) bkJob.fail('PERMISSION_DENIED');
  else bkJob.become({ ...finishedJob, steps: [stepData({ ipResults: [hostRow({ bkHostId: '7' })] })] });
  await clock.advance(30_000);
  return operationUnderWay;
}

async function answerOfGraphqlJs(isRefused = false) {
  const started = start();
  const answer: ExecutionResult = await endOf(started, started.execute(), isRefused);
  return { answer: JSON.parse(JSON.stringify(answer)) as unknown, reads: started.bkJob.reads.length };
}

/** The first sight of an operation is for graphql-js. */
async function seeOnce(): Promise<void> {
  const started = start();
  await endOf(started, started.write());
}

it('a wait is answered on the fast way as graphql-js does, with as many reads', async () => {
  await seeOnce();
  const expected = await answerOfGraphqlJs();
  const started = start();
  const bytes = await endOf(started, started.write());
  expect(JSON.parse(new TextDecoder().decode(bytes!))).toEqual(expected.answer);
  expect(expected.answer).toMatchObject({
    data: { waitForJobInstance: { status: 'SUCCEEDED', finished: true } },
  });
  expect(started.bkJob.reads).toHaveLength(expected.reads);
});

it('a wait beside other fields is left to graphql-js before anything is read: it would have to begin anew', async () => {
  const beside = parse(`query ($job: ID!) {
    waitForJobInstance(scope: {bkBizId: 2}, jobInstanceId: $job, timeout: 30000) { id }
    jobInstance(scope: {bkBizId: 2}, jobInstanceId: $job) { id }
  }`);
  const { bkJob, context } = start();
  const request = { document: beside, operation: getOperationAST(beside)!, variables, context };
  expect(await fast.tryExecute(request)).toBeNull();
  expect(await fast.tryExecute(request)).toBeNull();
  expect(bkJob.reads).toEqual([]);
});

it('a wait that ends in an error is left to graphql-js, which does not wait once more', async () => {
  await seeOnce();
  const expected = await answerOfGraphqlJs(true);
  const started = start();
  expect(await endOf(started, started.write(), true)).toBeNull();
  const before = started.clock.now();
  const answer: ExecutionResult = await started.execute();
  expect(JSON.parse(JSON.stringify(answer))).toEqual(expected.answer);
  expect(expected.answer).toMatchObject({ errors: [{ path: ['waitForJobInstance'] }] });
  expect(started.clock.now()).toBe(before);
  expect(started.bkJob.reads).toHaveLength(expected.reads);
});
