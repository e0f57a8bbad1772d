import type { AdmissionGauges, AdmissionObserver } from '../server/admission-observer.ts';
import { kept, type Instruments } from './instruments.ts';

/** Makes the metrics of how much is let in. */
export function createAdmissionMetrics({ counter, seconds, readings }: Instruments): AdmissionObserver {
  const waits = seconds(
    'bkjob_gql_admission_wait_seconds',
    'Time that requests waited before they were let in, by class.',
    ['class'],
  );
  const shed = counter(
    'bkjob_gql_requests_shed_total',
    'Requests that were turned away, by class and by the limit that they met.',
    ['class', 'reason'],
  );
  const classes = new Map<string, AdmissionGauges>();
  readings(
    {
      name: 'bkjob_gql_requests_admitted',
      help: 'Requests of a class that run, or wait to be let in.',
      labels: ['class', 'state'],
    },
    (set) => {
      for (const [name, gauges] of classes) {
        set({ class: name, state: 'running' }, gauges.running());
        set({ class: name, state: 'waiting' }, gauges.waiting());
      }
    },
  );
  const waitsOf = kept((...labels) => waits.child(...labels));
  const shedOf = kept((...labels) => shed.labels(...labels));
  return {
    classOpened: (name, gauges) => {
      classes.set(name, gauges);
    },
    admitted: (name, waitedMs) => {
      waitsOf(name).observe(waitedMs / 1000);
    },
    shed: (name, reason) => {
      shedOf(name, reason).inc();
    },
  };
}
