import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { OutsideWait } from './outside-probe.ts';
import { addressesOf, runProgram } from '../../test/support/run-program.ts';

/** What was seen of a service since it was last looked at. Times are milliseconds. */
export interface Sight {
  /** The longest that somebody else waited for an answer that takes nothing. */
  readonly outside: OutsideWait;
  /** The longest turn of its event loop. */
  readonly longestTurn: number;
  /** The most that the process worked within one turn: less than the turn where the machine was busy elsewhere. */
  readonly mostWorked: number;
  /** When that was, in milliseconds since 1970. */
  readonly mostWorkedAt: number;
  /** Bytes of the heap after a collection. */
  readonly heap: number;
}

/** The built service in a process of its own, watched from inside and outside. */
export interface WatchedService extends AsyncDisposable {
  readonly graphqlUrl: string;
  /** Empty where metrics are not read. */
  readonly metricsUrl: string;
  look(): Promise<Sight>;
}

/** Runs in the service's process: notes each turn that was long, and writes a line on demand. */
const insideProbe = `
  let looks = 0, turn = 0, worked = 0, workedAt = 0, last = performance.now(), used = process.cpuUsage();
  setInterval(() => {
    const now = performance.now(), { user, system } = process.cpuUsage(used);
    turn = Math.max(turn, now - last - 5);
    const work = Math.min(now - last, (user + system) / 1000);
    if (work > worked) { worked = work; workedAt = Date.now(); }
    last = now; used = process.cpuUsage();
  }, 5).unref();
  process.on('SIGUSR2', () => {
    globalThis.gc(); globalThis.gc();
    looks += 1;
    process.stdout.write('probe ' + looks + ' ' + JSON.stringify([turn, worked, workedAt, process.memoryUsage().heapUsed]) + '\\n');
    turn = worked = workedAt = 0; last = performance.now(); used = process.cpuUsage();
  });
`;

/** Starts the built service with these settings. */
export async function startWatchedService(
  environment: Readonly<Record<string, string>>,
): Promise<WatchedService> {
  const program = runProgram({
    environment: { PORT: '0', BKJOB_GQL__LOG__LEVEL: 'error', ...environment },
    nodeArgs: [
      '--expose-gc',
      '--import',
      `data:text/javascript;base64,${Buffer.from(insideProbe).toString('base64')}`,
    ],
  });
  const { graphqlUrl, metricsUrl } = await addressesOf(program);
  const probe = fork(
    fileURLToPath(new URL('outside-probe.ts', import.meta.url)),
    [new URL('/health', graphqlUrl).href, String(program.pid)],
    { execArgv: ['--import', 'tsx'] },
  );
  let looks = 0;
  return {
    graphqlUrl,
    metricsUrl,
    look: async () => {
      looks += 1;
      const outside = await askProbe(probe);
      program.signal('SIGUSR2');
      const line = new RegExp(`probe ${String(looks)} (.*)\\n`);
      const [, seen = '[]'] = line.exec(await program.written(line)) ?? [];
      // The collection made somebody wait, too.
      await askProbe(probe);
      const [longestTurn = 0, mostWorked = 0, mostWorkedAt = 0, heap = 0] = JSON.parse(seen) as number[];
      return { outside, longestTurn, mostWorked, mostWorkedAt, heap };
    },
    [Symbol.asyncDispose]: async () => {
      probe.kill();
      await program[Symbol.asyncDispose]();
    },
  };
}

async function askProbe(probe: ChildProcess): Promise<OutsideWait> {
  const answer = once(probe, 'message');
  probe.send('how long?');
  const [longest] = (await answer) as [OutsideWait];
  return longest;
}
