import { execute, getOperationAST, parse } from 'graphql';
import { createOperationContext, type OperationContext } from '../../src/context/operation-context.ts';
import type { JobInstance } from '../../src/domain/job-instance.ts';
import { createFastExecution, type FastExecution } from '../../src/execution/fast/fast-execution.ts';
import { createLookAhead } from '../../src/execution/look-ahead.ts';
import { createExecutableSchema } from '../../src/execution/schema.ts';
import { callerNamed } from './live/in-memory-bk-job.ts';
import { createTestLiveJobs } from './live/test-live-jobs.ts';

const schema = createExecutableSchema({ node: true, subscription: true });
const lookAhead = createLookAhead(schema);

/** A fast way that has seen no operation yet. */
export function newFastWay(): FastExecution {
  return createFastExecution(schema);
}

/** Asks the fast way for what every read of bk-job gives as one object; null where graphql-js has to answer. */
export type AskFast = (
  read: JobInstance,
  variables?: Readonly<Record<string, unknown>>,
  changes?: Partial<OperationContext>,
) => Promise<Uint8Array | null>;

/** What asks for one operation. */
export function createAsk(text: string, fast = newFastWay()): AskFast {
  const document = parse(text);
  const operation = getOperationAST(document);
  if (operation === null || operation === undefined) throw new TypeError('There is no operation.');
  return (read, variables = {}, changes = {}) =>
    fast.tryExecute({ document, operation, variables, context: { ...contextOver(read), ...changes } });
}

/** What graphql-js answers likewise, as text. */
export async function askGraphqlJs(text: string, read: JobInstance): Promise<string> {
  const result = await execute({ schema, document: parse(text), contextValue: contextOver(read) });
  return `${JSON.stringify(result)}\n`;
}

/** What an operation carries for which every read of bk-job gives one object. */
export function contextOver(read: JobInstance): OperationContext {
  const jobApi = { fetchJobInstanceStatus: () => Promise.resolve(read) };
  return createOperationContext(
    {
      jobApi,
      liveJobs: createTestLiveJobs(jobApi).liveJobs,
      lookAhead,
      maxParallelReads: 8,
      jobWebUrl: null,
      report: () => undefined,
    },
    { identification: callerNamed('alice'), signal: new AbortController().signal },
  );
}
