import type { LiveObserver } from '../live/live-observer.ts';
import type { Instruments } from './instruments.ts';

/** Makes the metrics of followed jobs. */
export function createLiveMetrics({ counter, gauge, readings }: Instruments): LiveObserver {
  const subscriptions = 'bkjob_gql_subscriptions';
  const active = gauge(`${subscriptions}_active`, 'Subscriptions that are open.', ['transport']);
  const opened = counter(`${subscriptions}_opened_total`, 'Subscriptions that began.', ['transport']);
  const ended = counter(`${subscriptions}_ended_total`, 'Subscriptions that ended, by what ended them.', [
    'transport',
    'reason',
  ]);
  const rejected = counter(
    `${subscriptions}_rejected_total`,
    'Subscriptions refused before they began, or ended for want of memory.',
    ['reason'],
  );
  const readers = gauge(
    'bkjob_gql_live_readers',
    'Jobs that are polled, each for all followers of a caller.',
  );
  const events = counter('bkjob_gql_live_events_total', 'Events that readers published.');
  const deliveries = counter(
    'bkjob_gql_live_deliveries_total',
    'Followers that events were handed to: by events, how much one reader spares.',
  );
  return {
    subscriptionOpened: (transport) => {
      opened.labels(transport).inc();
      active.labels(transport).inc();
    },
    subscriptionEnded: (transport, reason) => {
      ended.labels(transport, reason).inc();
      active.labels(transport).dec();
    },
    subscriptionRejected: (reason) => {
      rejected.labels(reason).inc();
    },
    readerStarted: () => {
      readers.inc();
    },
    readerStopped: () => {
      readers.dec();
    },
    memoryOpened: (taken) => {
      showMemory(readings, taken);
    },
    published: (followers) => {
      events.inc();
      deliveries.inc(followers);
    },
  };
}

function showMemory(readings: Instruments['readings'], taken: () => number): void {
  readings(
    {
      name: 'bkjob_gql_subscriptions_held_bytes',
      help: 'Memory that is taken by hosts and messages which streams keep, about.',
      labels: [],
    },
    (set) => {
      set({}, taken());
    },
  );
}
