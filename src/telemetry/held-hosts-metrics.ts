import type { HeldHostsObserver } from '../loaders/held-hosts-observer.ts';
import type { Instruments } from './instruments.ts';

/** Makes the metrics of hosts that running operations hold. */
export function createHeldHostsMetrics({ counter, readings }: Instruments): HeldHostsObserver {
  const refused = counter(
    'bkjob_gql_held_hosts_refused_total',
    'Jobs whose hosts an operation did not get, there being no room for them.',
  );
  return {
    refused: () => {
      refused.inc();
    },
    gaugeOpened: (taken) => {
      readings(
        {
          name: 'bkjob_gql_held_host_bytes',
          help: 'Memory that is taken by hosts which running operations hold, about.',
          labels: [],
        },
        (set) => {
          set({}, taken());
        },
      );
    },
  };
}
