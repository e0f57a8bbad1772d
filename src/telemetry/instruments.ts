import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** Makes the metrics of one registry. Each has a name for good, a sentence for whoever reads the page, and few labels. */
export interface Instruments {
  readonly counter: <Label extends string = never>(
    name: string,
    help: string,
    labels?: readonly Label[],
  ) => Counter<Label>;
  readonly gauge: <Label extends string = never>(
    name: string,
    help: string,
    labels?: readonly Label[],
  ) => Gauge<Label>;
  /** A gauge that is read when the page is. */
  readonly readings: <Label extends string>(
    of: { readonly name: string; readonly help: string; readonly labels: readonly Label[] },
    read: (set: (labels: Partial<Record<Label, string>>, value: number) => void) => void,
  ) => void;
  /** A histogram of seconds. */
  readonly seconds: <Label extends string>(
    name: string,
    help: string,
    labels: readonly Label[],
  ) => Histogram<Label>;
}

/** Buckets of Apollo Router, so that its dashboards fit. */
const buckets = [0.001, 0.005, 0.015, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 1, 5, 10];

/** Makes what makes the metrics of this registry. */
export function createInstruments(registry: Registry): Instruments {
  const registers = [registry];
  return {
    counter: (name, help, labelNames = []) => new Counter({ name, help, labelNames, registers }),
    gauge: (name, help, labelNames = []) => new Gauge({ name, help, labelNames, registers }),
    readings: ({ labels: labelNames, ...named }, read) => {
      const gauge = new Gauge({
        ...named,
        labelNames,
        registers,
        collect: () => {
          read((labels, value) => {
            gauge.set(labels, value);
          });
        },
      });
    },
    seconds: (name, help, labelNames) => new Histogram({ name, help, labelNames, buckets, registers }),
  };
}

/** What counts under one set of labels: found in a map the next time, where the library would make it anew. */
export function kept<Child>(
  make: (...labels: readonly string[]) => Child,
): (...labels: readonly string[]) => Child {
  const children = new Map<string, Child>();
  return (...labels) => {
    const key = labels.join('\n');
    let child = children.get(key);
    if (child === undefined) {
      child = make(...labels);
      children.set(key, child);
    }
    return child;
  };
}
