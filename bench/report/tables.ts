import type { Contender } from '../contenders.ts';
import type { Measurement } from '../measure/rounds.ts';
import type { Workload } from '../workloads.ts';
import { seriesOf, short, type Series } from './figures.ts';

/** What tables are made of. */
export interface Measured {
  readonly workloads: readonly Workload[];
  readonly contenders: readonly Contender[];
  readonly measurements: readonly Measurement[];
  /** Name of the contender that others are multiples of. */
  readonly base: string;
}

/** Tables in Markdown of all that was measured: a row for each contender, a column for each workload. */
export function figureTables(measured: Measured): string {
  const range = ([middle, least, most]: readonly [number, number, number]): string =>
    `${short(middle)} (${short(least)}–${short(most)})`;
  const tables: readonly (readonly [string, (one: Series, base: Series) => string])[] = [
    [
      'CPU per request as a multiple of the bare proxy of the same round: median (least–most)',
      (one, base) => range(one.ratio('cpuMilliseconds', base)),
    ],
    ['CPU per request, milliseconds', (one) => short(one.median('cpuMilliseconds'))],
    [
      'Answers per second: median (least–most)',
      (one) => range([one.median('answersPerSecond'), ...one.spread('answersPerSecond')]),
    ],
    [
      'Answers per second as a share of the bare proxy',
      (one, base) => short(one.ratio('answersPerSecond', base)[0]),
    ],
    ['p50 / p99, milliseconds', (one) => `${short(one.median('p50'))} / ${short(one.median('p99'))}`],
    ['p99 as a multiple of the bare proxy', (one, base) => short(one.ratio('p99', base)[0])],
    [
      'Peak memory, MiB (above the bare proxy)',
      (one, base) =>
        `${one.median('peakMebibytes').toFixed(0)} (${(one.median('peakMebibytes') - base.median('peakMebibytes')).toFixed(0)})`,
    ],
    ['Calls to bk-job per request', (one) => short(one.median('upstreamCalls'))],
  ];
  return tables.map(([title, cell]) => table(measured, title, cell)).join('\n');
}

/** The table of CPU per request alone. */
export function cpuTable(measured: Measured): string {
  return table(measured, '', (one, base) => short(one.ratio('cpuMilliseconds', base)[0]));
}

function table(
  { workloads, contenders, measurements, base }: Measured,
  title: string,
  cell: (one: Series, base: Series) => string,
): string {
  const rows = contenders.map((contender) => {
    const cells = workloads.map(({ name }) => {
      const one = seriesOf(measurements, name, contender.name);
      return one.rows.length === 0 ? '–' : cell(one, seriesOf(measurements, name, base));
    });
    return `| ${contender.title} | ${cells.join(' | ')} |`;
  });
  const head = `| | ${workloads.map(({ name }) => name).join(' | ')} |`;
  const line = `|---|${workloads.map(() => '---:').join('|')}|`;
  return `${title === '' ? '' : `**${title}**\n\n`}${[head, line, ...rows].join('\n')}\n`;
}
