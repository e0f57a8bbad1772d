import type { CircuitBreakerState, UpstreamGauges, UpstreamObserver } from '../upstream/upstream-observer.ts';
import { kept, type Instruments } from './instruments.ts';

const endpoint = 'get_job_instance_status';
const labels = ['endpoint', 'host_detail'] as const;
const breakerStates: readonly CircuitBreakerState[] = ['closed', 'half-open', 'open'];

/** Makes the metrics of what happens between this service and bk-job. */
export function createUpstreamMetrics(instruments: Instruments): UpstreamObserver {
  const { counter, seconds } = instruments;
  const calls = seconds(
    'http_client_request_duration_seconds',
    'Time of calls of bk-job by endpoint, whether hosts were asked for, and outcome.',
    [...labels, 'outcome'],
  );
  const retries = counter('bkjob_gql_upstream_retries_total', 'Calls that were made again.', labels);
  const denied = counter(
    'bkjob_gql_upstream_retries_denied_total',
    'Calls that were not made again since the budget of retries was spent.',
    labels,
  );
  const joined = counter(
    'bkjob_gql_upstream_reads_joined_total',
    'Reads that shared the call of an equal one of the same caller.',
    labels,
  );
  const refused = counter(
    'bkjob_gql_upstream_reads_refused_total',
    'Reads that were refused before anything was sent, by reason.',
    [...labels, 'reason'],
  );
  const callsOf = kept((...given) => calls.child(...given));
  return {
    callEnded: ({ hostDetail, outcome, durationMs, attempt }) => {
      callsOf(endpoint, String(hostDetail), outcome).observe(durationMs / 1000);
      if (attempt > 1) retries.labels(endpoint, String(hostDetail)).inc();
    },
    readJoined: (hostDetail) => {
      joined.labels(endpoint, String(hostDetail)).inc();
    },
    cacheLookedUp: createLookupCount(instruments),
    readRefused: (hostDetail, reason) => {
      refused.labels(endpoint, String(hostDetail), reason).inc();
    },
    breakerChanged: createBreakerGauge(instruments),
    retryDenied: (hostDetail) => {
      denied.labels(endpoint, String(hostDetail)).inc();
    },
    scanGivenUp: createScanCount(instruments),
    gaugesOpened: (gauges) => {
      watchGauges(instruments, gauges);
    },
  };
}

function createLookupCount({ counter }: Instruments): UpstreamObserver['cacheLookedUp'] {
  const lookups = counter(
    'bkjob_gql_upstream_cache_lookups_total',
    'Reads that could be answered by what the same caller read before, by whether they were.',
    [...labels, 'outcome'],
  );
  return (hostDetail, found) => {
    lookups.labels(endpoint, String(hostDetail), found ? 'hit' : 'miss').inc();
  };
}

function createScanCount({ counter }: Instruments): UpstreamObserver['scanGivenUp'] {
  const givenUp = counter(
    'bkjob_gql_upstream_scans_given_up_total',
    'Answers with hosts that had to be read whole, with an object for each host.',
  );
  return () => {
    givenUp.inc();
  };
}

function createBreakerGauge({ gauge }: Instruments): UpstreamObserver['breakerChanged'] {
  const breaker = gauge(
    'bkjob_gql_upstream_circuit_breaker_state',
    '1 for the state that the circuit breaker is in.',
    [...labels, 'state'],
  );
  const changed: UpstreamObserver['breakerChanged'] = (hostDetail, state) => {
    for (const one of breakerStates) {
      breaker.labels(endpoint, String(hostDetail), one).set(one === state ? 1 : 0);
    }
  };
  for (const hostDetail of [true, false]) changed(hostDetail, 'closed');
  return changed;
}

function watchGauges({ readings }: Instruments, gauges: UpstreamGauges): void {
  readings(
    {
      name: 'bkjob_gql_upstream_pool',
      help: 'Connections to bk-job that are open and free, requests that run on them and wait for them.',
      labels: ['state'],
    },
    (set) => {
      const { connected, free, running, pending } = gauges.pool();
      for (const [state, count] of Object.entries({ connected, free, running, pending })) {
        set({ state }, count);
      }
    },
  );
  readings(
    { name: 'bkjob_gql_upstream_retry_budget', help: 'Retries that may be made at once.', labels: [] },
    (set) => {
      set({}, gauges.retryBudget());
    },
  );
  readings(
    {
      name: 'bkjob_gql_upstream_cache_bytes',
      help: 'Memory that is taken by what was read before, about.',
      labels: [],
    },
    (set) => {
      set({}, gauges.cachedBytes());
    },
  );
}
