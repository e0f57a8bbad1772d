import { format } from 'prettier';
import type { Figure } from './figure.ts';
import type { Machine, Noise } from './machine.ts';
import type { TrialRecord } from './record.ts';

/** Whether every figure of every record is as good as it has to be. */
export function allPassed(records: readonly TrialRecord[]): boolean {
  return records.every(({ figures }) => figures.length > 0 && figures.every(({ passed }) => passed));
}

/** The one table of a run, and what it was run on. */
export function toTable(records: readonly TrialRecord[]): Promise<string> {
  const rows = records.flatMap(({ figures }) => figures.map(toRow));
  return toMarkdown([
    `| ${head.join(' | ')} |`,
    `| ${head.map(() => '---').join(' | ')} |`,
    ...rows,
    '',
    ...records.map(toCircumstances),
    ...machinesOf(records).map((machine) => `- ${describe(machine)}`),
  ]);
}

/** The document of long runs. */
export function toDocument(records: readonly TrialRecord[]): Promise<string> {
  return toMarkdown([
    '# Resilience: the latest long run of each trial',
    '',
    'Written by `npm run resilience -- --long`; a part of it is repeated with `--only G8`, and one seed with `--seed`.',
    'What the figures mean and how they are taken stands at the head of each trial in `bench/resilience/`.',
    'A figure that falls short is listed as it is. Latencies are counted from the moment at which a request was to be sent.',
    '',
    'Not shown here, and not to be concluded: networks that lose packets, TLS, a real bk-job, more sockets than one process may open.',
    '',
    `| ${head.join(' | ')} |`,
    `| ${head.map(() => '---').join(' | ')} |`,
    ...records.flatMap(({ figures }) => figures.map(toRow)),
    '',
    '## Circumstances',
    '',
    'The noise is a loop of fixed length, timed eleven times before and after a trial: fastest, median and slowest.',
    'On an idle machine the three are nearly equal.',
    '',
    ...records.map(toCircumstances),
    '',
    '## Machine',
    '',
    ...machinesOf(records).map((machine) => `- ${describe(machine)}`),
  ]);
}

const head = ['goal', 'figure', 'load', 'measured', 'wanted', 'result', 'note'];

function toRow({ goal, what, load, measured, wanted, passed, note }: Figure): string {
  const cells = [goal, what, load ?? '', measured, wanted, passed ? 'pass' : '**fail**', note ?? ''];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
}

function toCircumstances(record: TrialRecord): string {
  const { name, seed, size, at, seconds, before, after, machine } = record;
  const noise = `noise ${describeNoise(before)} before, ${describeNoise(after)} after`;
  return `- \`${name}\`: seed ${String(seed)}, size ${size}, ${at}, ${String(seconds)} s, commit ${machine.commit}, ${noise}`;
}

function describeNoise({ fastestMs, medianMs, slowestMs }: Noise): string {
  return `${[fastestMs, medianMs, slowestMs].map(String).join('/')} ms`;
}

function machinesOf(records: readonly TrialRecord[]): readonly Machine[] {
  const machines = new Map(records.map(({ machine }) => [describe(machine), machine]));
  return [...machines.values()];
}

function describe({ cores, cpu, memory, node, packages }: Machine): string {
  return `${String(cores)} cores of ${cpu}, ${memory} of memory, Node ${node}; ${packages}`;
}

function toMarkdown(lines: readonly string[]): Promise<string> {
  return format(lines.join('\n'), { parser: 'markdown', printWidth: 110, singleQuote: true });
}
