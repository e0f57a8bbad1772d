import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Figure, TrialSize } from './figure.ts';
import { describeMachine, probeNoise } from './machine.ts';
import { parseRunOptions, type RunOptions } from './options.ts';
import { keepRecord, keptRecords, writeDocument, type TrialRecord } from './record.ts';
import { allPassed, toDocument, toTable } from './report.ts';
import { trials, type ListedTrial } from './trials.ts';

/**
 * Runs the trials of the goal figures and prints them as one table. Exit code 1 where a figure falls short, 2 where
 * the command line is not understood.
 */

const minute = 60_000;

/** What a trial may take; one that takes longer has failed, and the others still run. */
const timeLimits: Readonly<Record<TrialSize, number>> = { ci: 6 * minute, long: 90 * minute };

async function main(): Promise<void> {
  const options = parseRunOptions(
    process.argv.slice(2),
    trials.flatMap(({ goals }) => goals),
  );
  if (options.documentOnly) {
    await document();
    return;
  }
  const { size, only } = options;
  const records: TrialRecord[] = [];
  for (const listed of trials) {
    if (only.length > 0 && !listed.goals.some((goal) => only.includes(goal))) continue;
    const record = await run(listed, options);
    records.push(record);
    if (size === 'long') keepRecord(record);
  }
  console.log(`\n${await toTable(records)}`);
  if (size === 'long') await document();
  process.exitCode = allPassed(records) ? 0 : 1;
}

async function document(): Promise<void> {
  writeDocument(await toDocument(keptRecords(trials.map(({ name }) => name))));
}

async function run(listed: ListedTrial, { size, seed }: RunOptions): Promise<TrialRecord> {
  console.log(`${listed.name} (${size}, seed ${String(seed)})`);
  const before = probeNoise();
  const start = performance.now();
  const figures = await figuresOf(listed, { size, seed });
  const seconds = Math.round((performance.now() - start) / 1000);
  for (const { passed, what, measured } of figures) {
    console.log(`  ${passed ? 'pass' : 'FAIL'}  ${what}: ${measured}`);
  }
  const at = `${new Date().toISOString().slice(0, 16)}Z`;
  const circumstances = { size, seed, at, seconds, machine: describeMachine(), before };
  return { name: listed.name, ...circumstances, after: probeNoise(), figures };
}

/** Never rejects: a trial that cannot be run is a figure that falls short. */
function figuresOf(
  { name, goals }: ListedTrial,
  { size, seed }: Pick<RunOptions, 'size' | 'seed'>,
): Promise<readonly Figure[]> {
  const child = fork(
    fileURLToPath(new URL('trial-process.ts', import.meta.url)),
    [name, size, String(seed)],
    {
      execArgv: ['--import', 'tsx', '--expose-gc'],
    },
  );
  return new Promise((resolve) => {
    const failed = (measured: string): void => {
      resolve([
        {
          goal: goals.join(', '),
          what: name,
          load: null,
          measured,
          wanted: 'a trial that can be run',
          passed: false,
          note: null,
        },
      ]);
    };
    const timer = setTimeout(() => {
      failed(`nothing after ${String(timeLimits[size] / minute)} minutes`);
      child.kill('SIGTERM');
    }, timeLimits[size]);
    child.once('message', (figures) => {
      resolve(figures as readonly Figure[]);
    });
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      failed(`ended with ${code === null ? String(signal) : `code ${String(code)}`} and no figures`);
    });
  });
}

try {
  await main();
} catch (error) {
  if (!(error instanceof TypeError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
