import { setTimeout as pause } from 'node:timers/promises';
import { startSimulator } from '../../src/simulator/index.ts';
import { checkHistory } from '../../test/support/history-checker/check-history.ts';
import type { HistoryEvent } from '../../test/support/history-checker/history.ts';
import { startBalancer, type Balancer } from './balancer.ts';
import type { Figure, Trial, TrialSize } from './figure.ts';
import { createLivedJobs } from './live/lived-jobs.ts';
import { ResumingClient } from './live/resuming-client.ts';
import { startReplica, type RunningReplica } from './replica.ts';

/**
 * G5 over processes: two replicas behind a balancer are killed in turn in the middle of their work, and clients that
 * come again at the other with the revision that they have miss nothing and are told nothing twice.
 */
export const trial: Trial = async ({ size, seed }) => {
  const plan = plans[size];
  await using bkJob = await startSimulator();
  await using balancer = await startBalancer();
  const history: HistoryEvent[] = [];
  const record = (event: HistoryEvent): void => void history.push(event);
  const random = createRandom(seed);
  const jobs = createLivedJobs({ world: bkJob.world, identity: 'alice', random, record });
  const start = (): Promise<RunningReplica> => startReplica(bkJob.url, balancer, environment);
  const replicas = [await start(), await start()];
  let [isOver, streams] = [false, 0];
  const url = `${balancer.origin.replace('http', 'ws')}/ws`;
  const nextStream = (): number => ++streams;
  const clients = Array.from(
    { length: plan.clients },
    () => new ResumingClient({ url, identity: 'alice', random, dropRate, nextStream, record }),
  );
  const followed = Promise.all(
    clients.map(async (client, index) => {
      while (!isOver) await client.follow(jobs.at(index % places));
    }),
  );
  try {
    for (let kill = 0; kill < plan.kills; kill += 1) {
      await pause(killInterval);
      bkJob.faults.inject({ fault: { kind: 'reset' }, times: 3 });
      replicas[kill % 2] = await replace(replicas[kill % 2], balancer, start);
    }
    await pause(killInterval);
    isOver = true;
    await followed;
  } finally {
    await Promise.all(replicas.map(({ program }) => program[Symbol.asyncDispose]()));
  }
  return [figureOf({ plan, clients, history, streams })];
};

interface Plan {
  readonly clients: number;
  readonly kills: number;
}

const plans: Readonly<Record<TrialSize, Plan>> = {
  ci: { clients: 300, kills: 3 },
  long: { clients: 600, kills: 120 },
};

/** Jobs that are followed at a time. */
const places = 25;
const dropRate = 0.02;
const killInterval = 4000;

const environment = {
  BKJOB_GQL__SUBSCRIPTION__MAX_PER_IDENTITY: '10000',
};

/** Kills a replica with no word to anybody: the balancer finds out by itself. Another one comes in its place. */
async function replace(
  killed: RunningReplica | undefined,
  balancer: Balancer,
  start: () => Promise<RunningReplica>,
): Promise<RunningReplica> {
  await killed?.program[Symbol.asyncDispose]();
  const started = await start();
  if (killed !== undefined) balancer.remove(killed.replica);
  return started;
}

interface Followed {
  readonly plan: Plan;
  readonly clients: readonly ResumingClient[];
  readonly history: readonly HistoryEvent[];
  readonly streams: number;
}

function figureOf({ plan, clients, history, streams }: Followed): Figure {
  const broken = new Map<string, number>();
  for (const { promise } of checkHistory(history)) broken.set(promise, (broken.get(promise) ?? 0) + 1);
  const violations = [...broken].map(([promise, count]) => `${promise} ${String(count)}`);
  const sum = (of: (client: ResumingClient) => number) =>
    clients.reduce((total, client) => total + of(client), 0);
  const ends = sum((client) => client.ends);
  const resumed = sum((client) => client.resumed);
  return {
    goal: 'G5',
    what: 'ends of jobs missed, doubled, or told wrongly while replicas are killed',
    load: `${String(clients.length)} clients behind a balancer of two replicas, ${String(plan.kills)} kills; ${String(streams)} streams, ${String(resumed)} of them resumed`,
    measured: violations.length === 0 ? `0 of ${String(ends)}` : violations.join(', '),
    wanted: '0, and every client is told the end of every job that it follows',
    passed: violations.length === 0 && ends >= clients.length && resumed > plan.kills,
    note: 'Service, bk-job and clients are processes of one machine; decided afterwards from the log of what happened.',
  };
}

/** Equal seeds choose alike; when processes meet is the machine's. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
