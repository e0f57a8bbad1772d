import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
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
  const chosen = trials.filter(({ goals }) => only.length === 0 || goals.some((goal) => only.includes(goal)));
  const records = await runAll(chosen, options);
  console.log(`\n${await toTable(records)}`);
  if (size === 'long') await document();
  process.exitCode = allPassed(records) ? 0 : 1;
}

/**
 * One after the other where times are taken, and as many beside each other as there are cores where things are counted.
 * What is kept as the latest long run ran alone, all of it.
 */
async function runAll(chosen: readonly ListedTrial[], options: RunOptions): Promise<readonly TrialRecord[]> {
  const besideOthers = options.size === 'long' ? [] : chosen.filter(({ figures }) => figures === 'counts');
  const alone = chosen.filter((listed) => !besideOthers.includes(listed));
  const records = new Map<ListedTrial, TrialRecord>();
  const runEach = async (waiting: Iterable<ListedTrial>): Promise<void> => {
    for (const listed of waiting) {
      const record = await run(listed, options);
      records.set(listed, record);
      if (options.size === 'long') keepRecord(record);
    }
  };
  const waiting = besideOthers.values();
  await Promise.all(Array.from({ length: availableParallelism() }, () => runEach(waiting)));
  await runEach(alone);
  return chosen.flatMap((listed) => records.get(listed) ?? []);
}

async function document(): Promise<void> {
  writeDocument(await toDocument(keptRecords(trials.map(({ name }) => name))));
}

async function run(listed: ListedTrial, { size, seed }: RunOptions): Promise<TrialRecord> {
  const before = probeNoise();
  const start = performance.now();
  const figures = await figuresOf(listed, { size, seed });
  const seconds = Math.round((performance.now() - start) / 1000);
  console.log(`${listed.name} (${size}, seed ${String(seed)}): ${String(seconds)} s`);
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
