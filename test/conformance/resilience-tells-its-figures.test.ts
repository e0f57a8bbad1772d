import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Figure } from '../../bench/resilience/figure.ts';
import type { Machine, Noise } from '../../bench/resilience/machine.ts';
import { parseRunOptions } from '../../bench/resilience/options.ts';
import type { TrialRecord } from '../../bench/resilience/record.ts';
import { allPassed, toDocument, toTable } from '../../bench/resilience/report.ts';
import { trials } from '../../bench/resilience/trials.ts';

const figure: Figure = {
  goal: 'G8',
  what: 'goodput',
  load: '3,000/s offered, 2,999/s achieved',
  measured: '900/s',
  wanted: '≥ 800/s',
  passed: true,
  note: null,
};
const even: Noise = { fastestMs: 10, medianMs: 11, slowestMs: 12 };
const machine: Machine = {
  cores: 2,
  cpu: 'A processor',
  memory: '24 GiB',
  node: '20.20.2',
  packages: 'undici 7.30.2',
  commit: '0123456789',
};

function record(...figures: readonly Figure[]): TrialRecord {
  const at = '2026-01-02T03:04Z';
  return {
    name: 'g08',
    size: 'ci',
    seed: 7,
    at,
    seconds: 60,
    machine,
    before: even,
    after: even,
    figures,
  };
}

describe('`npm run resilience`', () => {
  it('lists every trial that there is', () => {
    const folder = new URL('../../bench/resilience/', import.meta.url);
    const files = readdirSync(folder).filter((name) => /^g\d\d-.*\.ts$/.test(name));
    expect(trials.map(({ name }) => `${name}.ts`).toSorted()).toEqual(files.toSorted());
  });

  it('runs everything at the size of a landing unless it is told otherwise', () => {
    expect(parseRunOptions([], ['G3'])).toEqual({ size: 'ci', seed: 1, only: [], documentOnly: false });
    expect(parseRunOptions(['--long', '--only', 'g3,G7', '--seed', '5'], ['G3', 'G7'])).toEqual({
      size: 'long',
      seed: 5,
      only: ['G3', 'G7'],
      documentOnly: false,
    });
  });

  it.each([[['--only', 'G99']], [['--seed', 'x']], [['--shorter']]])(
    'does not guess what %j means',
    (args) => {
      expect(() => parseRunOptions(args, ['G3'])).toThrow(TypeError);
    },
  );

  it('prints each figure with its load, its goal, its result and the circumstances', async () => {
    const table = await toTable([record(figure, { ...figure, passed: false, note: 'a | b' })]);
    const rows = table.split('\n').filter((line) => line.startsWith('| G8'));
    expect(rows.map((row) => row.split(/(?<!\\)\|/).map((cell) => cell.trim()))).toEqual([
      ['', 'G8', 'goodput', figure.load, '900/s', '≥ 800/s', 'pass', '', ''],
      ['', 'G8', 'goodput', figure.load, '900/s', '≥ 800/s', '**fail**', String.raw`a \| b`, ''],
    ]);
    expect(table).toContain('seed 7');
    expect(table).toContain('10/11/12 ms');
    expect(table).toContain('2 cores of A processor, 24 GiB of memory, Node 20.20.2; undici 7.30.2');
  });

  it('fails where one figure falls short, and where a trial gave none', () => {
    expect(allPassed([record(figure)])).toBe(true);
    expect(allPassed([record(figure), record({ ...figure, passed: false })])).toBe(false);
    expect(allPassed([record()])).toBe(false);
  });

  it('writes a document that tells a figure that falls short as it is', async () => {
    const text = await toDocument([record({ ...figure, passed: false, note: 'the machine is small' })]);
    expect(text).toMatch(/\*\*fail\*\* \| the machine is small/);
  });
});
