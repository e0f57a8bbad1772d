import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'undici';
import { startSimulator } from '../../src/simulator/index.ts';
import { startBalancer, type Balancer } from './balancer.ts';
import type { Trial, TrialSize } from './figure.ts';
import { startReplica, type RunningReplica } from './replica.ts';

/** G11: two processes behind a balancer are replaced in turn under load, and no request fails (`reliability.md` 3.1). */
export const trial: Trial = async ({ size }) => {
  await using bkJob = await startSimulator();
  await using balancer = await startBalancer();
  const start = (): Promise<RunningReplica> =>
    startReplica(bkJob.url, balancer, { BKJOB_GQL__SHUTDOWN__DRAIN_DELAY: drainDelay });
  const replicas = [await start(), await start()];
  const load = startLoad(balancer.origin);
  const exits: string[] = [];
  try {
    for (let cycle = 0; cycle < cycles[size]; cycle += 1) {
      for (const [place, replica] of replicas.entries()) {
        exits.push(await end(replica, balancer));
        replicas[place] = await start();
        await pause(settleTimes[size]);
      }
    }
  } finally {
    await load.stop();
    await Promise.all(replicas.map(({ program }) => program[Symbol.asyncDispose]()));
  }
  return [figureOf({ size, ...load.count(), exits, refused: balancer.refused() })];
};

const cycles: Readonly<Record<TrialSize, number>> = { ci: 3, long: 20 };

/** How long a new replica works before the other one is replaced: 200,000 requests in the long run. */
const settleTimes: Readonly<Record<TrialSize, number>> = { ci: 500, long: 25_000 };

const perSecond = 200;

/** Longer than the balancer takes to notice. */
const drainDelay = '1s';

async function end({ program, replica }: RunningReplica, balancer: Balancer): Promise<string> {
  program.signal('SIGTERM');
  const { code, signal, stderr } = await program.ended;
  balancer.remove(replica);
  return code === 0 && stderr === '' ? 'in order' : `code ${String(code)}, ${String(signal)}, ${stderr}`;
}

interface LoadCount {
  readonly offered: number;
  readonly answered: number;
  readonly failures: readonly string[];
  readonly seconds: number;
  /** The latest that a request was sent after its time, in milliseconds: above, the generator was the bottleneck. */
  readonly longestLag: number;
}

const body = JSON.stringify({
  query:
    '{ jobInstance(scope: {bkBizId: 2}, jobInstanceId: 20000000004) { phase steps { ipResults { ip } } } }',
});

/** A request every so often, whatever became of those before, by a client that tries nothing twice. */
function startLoad(origin: string) {
  const pool = new Pool(origin, { connections: 32, pipelining: 1 });
  const start = performance.now();
  const failures: string[] = [];
  const pending = new Set<Promise<void>>();
  let [offered, answered, longestLag] = [0, 0, 0];

  const ask = async (): Promise<void> => {
    try {
      const { statusCode, body: answer } = await pool.request({
        path: '/graphql',
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-bkapi-authorization': '{"bk_token":"alice"}' },
        body,
      });
      const text = await answer.text();
      if (statusCode !== 200 || text.includes('"errors"')) throw new Error(`${String(statusCode)} ${text}`);
      answered += 1;
    } catch (error) {
      failures.push(error instanceof Error ? `${error.name}: ${error.message.slice(0, 200)}` : String(error));
    }
  };

  const timer = setInterval(() => {
    for (;;) {
      const lag = performance.now() - start - (offered / perSecond) * 1000;
      if (lag < 0) return;
      longestLag = Math.max(longestLag, lag);
      offered += 1;
      const asked = ask();
      pending.add(asked);
      void asked.finally(() => pending.delete(asked));
    }
  }, 1);

  let seconds = 0;
  return {
    stop: async (): Promise<void> => {
      clearInterval(timer);
      seconds = (performance.now() - start) / 1000;
      await Promise.all(pending);
      await pool.close();
    },
    count: (): LoadCount => ({ offered, answered, failures, seconds, longestLag }),
  };
}

function figureOf(run: LoadCount & { size: TrialSize; exits: readonly string[]; refused: number }) {
  const { offered, answered, failures, seconds, longestLag, exits, refused } = run;
  const disorderly = exits.filter((exit) => exit !== 'in order');
  const few = [...new Set([...failures, ...disorderly])].slice(0, 3).join('; ');
  return {
    goal: 'G11',
    what: `requests that failed while two replicas were replaced ${String(cycles[run.size])} times in turn`,
    load: `${String(perSecond)}/s offered, ${(answered / seconds).toFixed(0)}/s answered, ${seconds.toFixed(0)} s`,
    measured: `${String(failures.length)} of ${offered.toLocaleString('en')}${few === '' ? '' : `: ${few}`}`,
    wanted: '0, and every replica ends in order',
    passed: failures.length === 0 && disorderly.length === 0 && refused === 0 && answered === offered,
    note: `The generator was ${longestLag.toFixed(0)} ms late at most. Queries only; nothing was tried twice.`,
  };
}
