import { seriesOf, short } from './figures.ts';
import type { Figure, Series } from './figures.ts';
import type { Measured } from './tables.ts';

interface Target {
  readonly workload: string;
  readonly what: string;
  readonly must: number;
  readonly goal: number;
  readonly value: (one: Series, base: Series) => number;
}

const multiple =
  (figure: Figure) =>
  (one: Series, base: Series): number =>
    one.ratio(figure, base)[0];

const above =
  (figure: Figure) =>
  (one: Series, base: Series): number =>
    one.median(figure) - base.median(figure);

const cpu = (workload: string, must: number, goal: number): Target => ({
  ...{ workload, must, goal },
  what: 'CPU, multiple of the bare proxy',
  value: multiple('cpuMilliseconds'),
});

/** What the service shall reach; `W1u` and `W5u` are bounded by plain Apollo Server with Fastify instead. */
const targets: readonly Target[] = [
  cpu('W1', 1.8, 1.2),
  cpu('W2', 3, 2),
  cpu('W3', 2.2, 1.3),
  cpu('W4', 4, 2),
  cpu('W5', 1.4, 0.8),
  cpu('W6', 1.6, 0.5),
  {
    workload: 'W6',
    what: 'calls to bk-job',
    must: 0.1,
    goal: 0.03,
    value: (one) => one.median('upstreamCalls'),
  },
  cpu('W1u', NaN, 2.5),
  cpu('W5u', NaN, 2.5),
  { workload: 'W1', what: 'p99, multiple of the bare proxy', must: 2, goal: 1.2, value: multiple('p99') },
  { workload: 'W4', what: 'p99, multiple of the bare proxy', must: 3, goal: 1.5, value: multiple('p99') },
  { workload: 'W1', what: 'peak memory above it, MiB', must: 32, goal: 16, value: above('peakMebibytes') },
  { workload: 'W4', what: 'peak memory above it, MiB', must: 48, goal: 16, value: above('peakMebibytes') },
];

const plainApollo = 'apollo-fastify';

/** What the service reaches of what it shall, and the best of the others that run on Node, in Markdown. */
export function targetTable(measured: Measured & { readonly service: string }): string {
  const { workloads, contenders, measurements, base, service } = measured;
  const others = contenders.filter(({ name, kind }) => kind === 'graphql' && name !== service);
  const rows = targets.flatMap(({ workload, what, must, goal, value }) => {
    const of = (name: string): Series => seriesOf(measurements, workload, name);
    if (!workloads.some(({ name }) => name === workload) || of(service).rows.length === 0) return [];
    const reached = value(of(service), of(base));
    const best = Math.min(...others.map(({ name }) => value(of(name), of(base))).filter(Number.isFinite));
    const bound = Number.isNaN(must) ? value(of(plainApollo), of(base)) : must;
    const verdict = reached <= goal ? 'goal' : reached <= bound ? 'must' : 'short';
    return [
      `| ${[workload, what, short(best), short(bound), short(goal), short(reached), verdict].join(' | ')} |`,
    ];
  });
  return [
    '| | | best other | must | goal | this service | |',
    '|---|---|---:|---:|---:|---:|---|',
    ...rows,
    '',
  ].join('\n');
}
