import type { LoadResult, Outcome } from './plan.ts';

/** One request of a run. */
export interface Sample {
  /** Milliseconds from the start of the run to the time at which it was to be sent. */
  readonly scheduled: number;
  readonly latency: number;
  readonly request: number;
  readonly outcome: Outcome;
}

/** A generator that comes round later than this has measured itself. Milliseconds, 99th percentile. */
const longestOwnLag = 10;

/** The requests of a run, in the order in which they were to be sent. */
export function samplesOf({ scheduled, latency, request, outcome, outcomes }: LoadResult): readonly Sample[] {
  return scheduled.map((time, index) => ({
    scheduled: time,
    latency: latency[index] ?? Number.NaN,
    request: request[index] ?? 0,
    outcome: outcomes[outcome[index] ?? 0] ?? 'broken',
  }));
}

/** Those that were to be sent from `from` up to `to` seconds after the start. */
export function within(samples: readonly Sample[], from: number, to: number): readonly Sample[] {
  return samples.filter(({ scheduled }) => scheduled >= from * 1000 && scheduled < to * 1000);
}

/** Whether a request was answered with all that it asked for. */
export function isGood({ outcome }: Sample): boolean {
  return outcome === 'ok';
}

/** Whether it was turned away for the load. */
export function isShed({ outcome }: Sample): boolean {
  return outcome === 'status 429';
}

/** Latencies, in order. */
export interface Latencies {
  readonly count: number;
  at(percentile: number): number;
}

/** Orders the latencies of some requests. */
export function latenciesOf(samples: readonly Sample[]): Latencies {
  const sorted = samples.map(({ latency }) => latency).toSorted((one, other) => one - other);
  return {
    count: sorted.length,
    at: (percentile) =>
      sorted[Math.min(sorted.length - 1, Math.ceil((percentile / 100) * sorted.length) - 1)] ?? Number.NaN,
  };
}

/** p50, p99, p99.9 and the longest, as they stand in tables. */
export function describeLatencies(samples: readonly Sample[]): string {
  const latencies = latenciesOf(samples);
  if (latencies.count === 0) return 'none';
  const at = (percentile: number): string => ms(latencies.at(percentile));
  return `p50 ${at(50)}, p99 ${at(99)}, p99.9 ${at(99.9)}, max ${at(100)}`;
}

/** How often each outcome came, the most frequent first. */
export function describeOutcomes(samples: readonly Sample[]): string {
  const counts = new Map<Outcome, number>();
  for (const { outcome } of samples) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return [...counts]
    .toSorted(([, one], [, other]) => other - one)
    .map(([outcome, count]) => `${String(count)} ${outcome}`)
    .join(', ');
}

/** Says that a run is void where the generator was its own bottleneck; null where it was not. */
export function voidReason({ ownLag }: LoadResult): string | null {
  if (ownLag.p99 < longestOwnLag) return null;
  return `void: the generator came round ${ms(ownLag.p99)} late at p99`;
}

/** Milliseconds, as they stand in tables. */
export function ms(value: number): string {
  return `${value >= 100 ? value.toFixed(0) : value.toFixed(1)} ms`;
}
