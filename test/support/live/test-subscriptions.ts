import { createOperationContext } from '../../../src/context/operation-context.ts';
import { createLookAhead } from '../../../src/execution/look-ahead.ts';
import { createOperationPipeline } from '../../../src/execution/operation-pipeline.ts';
import { createExecutableSchema } from '../../../src/execution/schema.ts';
import { createSubscriptions } from '../../../src/execution/subscriptions/subscriptions.ts';
import type { LiveJobs } from '../../../src/live/live-jobs.ts';
import type { JobApi } from '../../../src/upstream/job-api.ts';

const ignore = (): void => undefined;

/** Subscriptions of one process of which nobody hears, and what makes their operations ready. */
export function createTestSubscriptions(jobApi: JobApi, liveJobs: LiveJobs) {
  const schema = createExecutableSchema({ node: true, subscription: true });
  const limits = { maxDocumentBytes: 10_000, parserMaxTokens: 1_000, maxCost: 50_000 };
  const pipeline = createOperationPipeline({ schema, introspection: true, limits, report: ignore });
  const operations = {
    jobApi,
    liveJobs,
    lookAhead: createLookAhead(schema),
    maxParallelReads: 8,
    jobWebUrl: null,
    report: ignore,
  };
  const subscriptions = createSubscriptions({
    pipeline,
    limits: { maxOpened: 100, maxPerIdentity: 100, maxAskedBytes: 2 ** 30, maxHeldBytes: 2 ** 30 },
    createContext: (identification) =>
      createOperationContext(operations, { identification, signal: new AbortController().signal }),
    pause: () => Promise.resolve(),
    observer: {
      subscriptionOpened: ignore,
      subscriptionEnded: ignore,
      subscriptionRejected: ignore,
      readerStarted: ignore,
      readerStopped: ignore,
      memoryOpened: ignore,
      published: ignore,
    },
  });
  return { pipeline, subscriptions };
}
