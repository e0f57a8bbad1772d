import { Histogram, type MetricValueWithName, type Registry } from 'prom-client';

/** Buckets of Apollo Router, so that its dashboards fit. */
const bounds = [0.001, 0.005, 0.015, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 1, 5, 10];

type Labels = Readonly<Record<string, string>>;

/** A line of the page, in parts; labels that others have too are kept apart. */
type Value = MetricValueWithName<string> & { readonly sharedLabels: Labels };

/** What a histogram is called, and what is told apart in it. */
export interface SecondsOptions<Label extends string> {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly Label[];
}

/**
 * A histogram of seconds. Each request is observed three times, and the library's own histogram makes the key of the
 * labels and of the bucket anew each time, which takes as long as all else that is counted.
 */
export class Seconds<Label extends string> extends Histogram {
  readonly #named: SecondsOptions<Label>;
  readonly #children: LabelledSeconds[] = [];

  constructor(registry: Registry, named: SecondsOptions<Label>) {
    const { name, help, labels: labelNames } = named;
    super({ name, help, labelNames, registers: [registry] });
    this.#named = named;
  }

  /** What is observed under these values of the labels, to be asked for once. */
  child(...values: readonly string[]): LabelledSeconds {
    const { labels } = this.#named;
    const child = new LabelledSeconds(
      Object.fromEntries(labels.map((label, at) => [label, values[at] ?? ''])),
    );
    this.#children.push(child);
    return child;
  }

  /** By which the library asks for what it writes to the page. */
  getForPromString(): Promise<object> {
    const { name, help } = this.#named;
    const values = this.#children.flatMap((child) => child.values(name));
    return Promise.resolve({ name, help, type: 'histogram', aggregator: 'sum', values });
  }
}

/** Seconds under one set of labels. */
export class LabelledSeconds {
  readonly #labels: Labels;
  /** How many were in each bucket and no smaller one; at the end those beyond all. */
  readonly #counts: number[] = [...bounds, Infinity].map(() => 0);
  #sum = 0;

  constructor(labels: Labels) {
    this.#labels = labels;
  }

  observe(seconds: number): void {
    let bucket = 0;
    while (seconds > (bounds[bucket] ?? Infinity)) bucket += 1;
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#sum += seconds;
  }

  values(name: string): Value[] {
    const sharedLabels = this.#labels;
    let count = 0;
    const buckets = this.#counts.map((more, bucket) => {
      count += more;
      const le = bounds[bucket] ?? '+Inf';
      return { metricName: `${name}_bucket`, labels: { le }, sharedLabels, value: count };
    });
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels: {}, sharedLabels, value: this.#sum },
      { metricName: `${name}_count`, labels: {}, sharedLabels, value: count },
    ];
  }
}
