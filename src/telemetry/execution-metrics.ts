import type { ExecutionObserver } from '../execution/execution-observer.ts';
import type { Instruments } from './instruments.ts';

/** Makes the metrics of how operations are run. */
export function createExecutionMetrics({ counter }: Instruments): ExecutionObserver {
  const lookups = counter(
    'bkjob_gql_document_store_lookups_total',
    'Documents that were wanted: hit where they had been read before.',
    ['result'],
  );
  const fast = counter(
    'bkjob_gql_fast_path_answers_total',
    'Answers that were written from the bytes of bk-job.',
  );
  const fallbacks = counter(
    'bkjob_gql_fast_path_fallbacks_total',
    'Answers that graphql-js had to make, by reason.',
    ['reason'],
  );
  const [hits, misses] = [lookups.labels('hit'), lookups.labels('miss')];
  return {
    documentLookedUp: (known) => {
      (known ? hits : misses).inc();
    },
    fastPathTaken: () => {
      fast.inc();
    },
    fastPathLeft: (reason) => {
      fallbacks.labels(reason).inc();
    },
  };
}
