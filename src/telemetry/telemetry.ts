import { collectDefaultMetrics, Registry } from 'prom-client';
import type { ExecutionObserver } from '../execution/execution-observer.ts';
import type { HeldHostsObserver } from '../loaders/held-hosts-observer.ts';
import type { LiveObserver } from '../live/live-observer.ts';
import { LinkedList } from '../memory/linked-list.ts';
import type { AdmissionObserver } from '../server/admission-observer.ts';
import type { RequestObserver } from '../server/request-observer.ts';
import type { UpstreamObserver } from '../upstream/upstream-observer.ts';
import { createAdmissionMetrics } from './admission-metrics.ts';
import { createExecutionMetrics } from './execution-metrics.ts';
import { createHeldHostsMetrics } from './held-hosts-metrics.ts';
import { createInstruments, type Instruments } from './instruments.ts';
import { createLiveMetrics } from './live-metrics.ts';
import type { LogDestination } from './log-destination.ts';
import { createLogger, type Logger, type LoggerOptions } from './logger.ts';
import { createNames } from './names.ts';
import { createRequestMetrics } from './request-metrics.ts';
import { RequestRecord } from './request-record.ts';
import { createSpans } from './spans.ts';
import { createTurnedAway } from './turned-away.ts';
import { createUpstreamMetrics } from './upstream-metrics.ts';

/** What a process tells of itself: an observer for each part that has something to tell, and what becomes of it. */
export interface Telemetry {
  readonly log: Logger;
  readonly requests: RequestObserver;
  readonly execution: ExecutionObserver;
  readonly upstream: UpstreamObserver;
  readonly admission: AdmissionObserver;
  readonly live: LiveObserver;
  readonly heldHosts: HeldHostsObserver;
  /** All metrics as Prometheus reads them. */
  metricsPage(): Promise<string>;
  /** Writes and counts at once what else is summed up for a moment: for a process that ends within this turn. */
  flushNow(): void;
}

/** What telemetry is made with. */
export interface TelemetryOptions {
  readonly level: LoggerOptions['level'];
  readonly destination: Pick<LogDestination, 'write'> & Partial<Pick<LogDestination, 'dropped'>>;
  /** Secrets of the service itself, which the log must not hold whatever happens. */
  readonly secrets: readonly string[];
  /** Whether the process is measured, too: what holds for a process and not for one of its services. */
  readonly ofProcess: boolean;
}

/** Operation names that are counted each for itself. */
const maxNames = 200;

/** Makes the telemetry of a service. */
export function createTelemetry(options: TelemetryOptions): Telemetry {
  const registry = new Registry();
  const instruments = createInstruments(registry);
  const underWay = new LinkedList<RequestRecord>();
  const secrets = () => secretsOf(options.secrets, [...underWay]);
  const log = countingFaults(createLogger({ ...options, secrets }), instruments);
  const keepers = {
    log,
    metrics: createRequestMetrics(instruments, () => countUnanswered(underWay)),
    beginSpan: createSpans(log.fault),
    names: createNames(maxNames),
    underWay,
  };
  const turnedAway = createTurnedAway(keepers);
  if (options.ofProcess) collectDefaultMetrics({ register: registry });
  countDropped(instruments, options.destination);
  return {
    log,
    requests: {
      begin: (request) => new RequestRecord(keepers, request),
      turnedAway: (request) => turnedAway.note(request),
      connectionRefused: (reason) => {
        keepers.metrics.connectionRefused(reason);
      },
    },
    execution: createExecutionMetrics(instruments),
    upstream: createUpstreamMetrics(instruments),
    admission: createAdmissionMetrics(instruments),
    live: createLiveMetrics(instruments),
    heldHosts: createHeldHostsMetrics(instruments),
    metricsPage: () => {
      turnedAway.tell();
      return registry.metrics();
    },
    flushNow: () => {
      turnedAway.tell();
      log.flushFaults();
    },
  };
}

/** One by one, each when it is wanted. */
function* secretsOf(own: readonly string[], records: readonly RequestRecord[]): Generator<string> {
  yield* own;
  for (const record of records) yield* record.secrets();
}

function countUnanswered(underWay: Iterable<RequestRecord>): number {
  let count = 0;
  for (const { isStream } of underWay) count += isStream ? 0 : 1;
  return count;
}

function countingFaults(log: Logger, { counter }: Instruments): Logger {
  const faults = counter(
    'bkjob_gql_faults_total',
    'Faults of this service itself; the log has them, equal ones together.',
  );
  return {
    ...log,
    fault: (thrown) => {
      faults.inc();
      log.fault(thrown);
    },
  };
}

function countDropped({ readings }: Instruments, destination: TelemetryOptions['destination']): void {
  readings(
    {
      name: 'bkjob_gql_log_lines_dropped',
      help: 'Lines of the log that were given up since nobody took them in time.',
      labels: [],
    },
    (set) => {
      set({}, destination.dropped?.() ?? 0);
    },
  );
}
