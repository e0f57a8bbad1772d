import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Figure, TrialSize } from './figure.ts';
import type { Machine, Noise } from './machine.ts';

/** What one trial gave, and under what circumstances. */
export interface TrialRecord {
  readonly name: string;
  readonly size: TrialSize;
  readonly seed: number;
  /** When it ended, to the minute. */
  readonly at: string;
  readonly seconds: number;
  readonly machine: Machine;
  readonly before: Noise;
  readonly after: Noise;
  readonly figures: readonly Figure[];
}

const folder = new URL('../results/resilience/', import.meta.url);
const documentPath = new URL('../results/resilience.md', import.meta.url);

/** Keeps what a long run gave, in place of what the same trial gave before. */
export function keepRecord(record: TrialRecord): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL(`${record.name}.json`, folder), `${JSON.stringify(record, null, 2)}\n`);
}

/** The latest long run of each trial, in the order of the list of trials. */
export function keptRecords(names: readonly string[]): readonly TrialRecord[] {
  mkdirSync(folder, { recursive: true });
  const kept = new Set(readdirSync(folder));
  return names
    .filter((name) => kept.has(`${name}.json`))
    .map((name) => JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as TrialRecord);
}

/** Writes the document of long runs. */
export function writeDocument(text: string): void {
  writeFileSync(documentPath, text);
}
