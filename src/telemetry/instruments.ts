import { Counter, Gauge, type Registry } from 'prom-client';
import { Seconds } from './seconds.ts';

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
  ) => Pick<Seconds<Label>, 'child'>;
}

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
    seconds: (name, help, labels) => new Seconds(registry, { name, help, labels }),
  };
}

/** What counts under one set of labels, or what is known of the next label. */
interface Known<Child> {
  readonly next: Map<string, Known<Child>>;
  child: Child | null;
}

/**
 * What counts under one set of labels: found label by label the next time, where the library would make it anew. A text
 * of all of them would have to be made, too, to find it by.
 */
export function kept<Child>(
  make: (...labels: readonly string[]) => Child,
): (...labels: readonly string[]) => Child {
  const root: Known<Child> = { next: new Map(), child: null };
  return (...labels) => {
    let known = root;
    for (const label of labels) {
      let next = known.next.get(label);
      if (next === undefined) {
        next = { next: new Map(), child: null };
        known.next.set(label, next);
      }
      known = next;
    }
    known.child ??= make(...labels);
    return known.child;
  };
}
