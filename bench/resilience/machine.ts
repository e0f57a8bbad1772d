import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';

/** Where figures were taken. Neither names nor addresses of the machine are in it. */
export interface Machine {
  readonly cores: number;
  readonly cpu: string;
  readonly memory: string;
  readonly node: string;
  readonly packages: string;
  /** The state of the sources: a commit, with a mark where something was not committed. */
  readonly commit: string;
}

/** How even the machine was: a loop of fixed length, timed again and again. */
export interface Noise {
  readonly fastestMs: number;
  readonly medianMs: number;
  readonly slowestMs: number;
}

/** Packages whose version can change a figure. */
const packages = ['@apollo/server', 'fastify', 'graphql', 'undici'];

/** Describes the machine and what runs on it. */
export function describeMachine(): Machine {
  const processors = cpus();
  return {
    cores: processors.length,
    cpu: processors[0]?.model.trim() ?? 'unknown',
    memory: `${String(Math.round(totalmem() / 2 ** 30))} GiB`,
    node: process.versions.node,
    packages: packages.map((name) => `${name} ${versionOf(name)}`).join(', '),
    commit: commit(),
  };
}

function versionOf(name: string): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  const { dependencies } = manifest as { readonly dependencies: Readonly<Record<string, string>> };
  return dependencies[name] ?? 'absent';
}

function commit(): string {
  const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8' }).trim();
  try {
    const changed = git('status', '--porcelain', '--', 'src', 'schema', 'package.json') !== '';
    return `${git('rev-parse', '--short=10', 'HEAD')}${changed ? ' with changes' : ''}`;
  } catch {
    return 'unknown';
  }
}

/** Times the same work eleven times: on an idle machine all take equally long. */
export function probeNoise(): Noise {
  const times = Array.from({ length: 11 }, timeFixedWork).toSorted((one, other) => one - other);
  const at = (index: number) => Number((times[index] ?? 0).toFixed(1));
  return { fastestMs: at(0), medianMs: at(5), slowestMs: at(10) };
}

function timeFixedWork(): number {
  const start = performance.now();
  let state = 1;
  for (let round = 0; round < 20_000_000; round++) state = (Math.imul(state, 1_103_515_245) + 12_345) | 0;
  // Read, so that the loop cannot be left out.
  if (state === 0.5) throw new Error('An integer is no fraction.');
  return performance.now() - start;
}
