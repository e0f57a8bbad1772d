import { createOperationContext } from '../../../src/context/operation-context.ts';
import type { Caller } from '../../../src/domain/caller.ts';
import { createLookAhead } from '../../../src/execution/look-ahead.ts';
import { createOperationPipeline } from '../../../src/execution/operation-pipeline.ts';
import { createExecutableSchema } from '../../../src/execution/schema.ts';
import type { Frames } from '../../../src/execution/subscriptions/frame.ts';
import { createSubscriptions } from '../../../src/execution/subscriptions/subscriptions.ts';
import { callerNamed } from '../live/in-memory-bk-job.ts';
import { createTestLiveJobs } from '../live/test-live-jobs.ts';
import { createVirtualClock } from '../live/virtual-clock.ts';
import { HistoryClient } from './history-client.ts';
import type { History, HistoryEvent } from './history.ts';
import { createMovingWorld } from './moving-world.ts';

/** How a history is made. */
export interface HistoryRun {
  readonly seed: number;
  /** Clients of each caller and job; there are two callers and four jobs. */
  readonly clients: number;
  readonly faultRate: number;
  readonly dropRate: number;
  /** Changes what reaches a client: takes a promise away. */
  readonly spoil?: (frames: Frames, client: number) => Frames;
}

/** What came of it. */
export interface MadeHistory {
  readonly history: History;
  /** How often clients were told the end. */
  readonly ends: number;
  /** Whether nothing was left when everybody had gone. */
  readonly isClean: boolean;
}

const schema = createExecutableSchema({ node: true, subscription: true });
const fail = (error: unknown): never => {
  throw error;
};
const pipeline = createOperationPipeline({
  schema,
  introspection: false,
  limits: { maxDocumentBytes: 65_536, parserMaxTokens: 1000, maxCost: 50_000 },
  report: fail,
});
const lookAhead = createLookAhead(schema);
const silent = {
  subscriptionOpened: () => undefined,
  subscriptionEnded: () => undefined,
  subscriptionRejected: () => undefined,
  readerStarted: () => undefined,
  readerStopped: () => undefined,
  memoryOpened: () => undefined,
  published: () => undefined,
};
const query = `subscription ($job: ID!, $revision: String) {
  jobInstanceUpdated(scope: {bkBizId: 2}, jobInstanceId: $job, revision: $revision) { name finished revision }
}`;

/** Longest life of a job and then some: by then everybody has been told the end. */
const rounds = 400;
const healthyFrom = 320;
const roundMs = 250;

/** Lets many clients follow jobs that move, in time that passes as fast as it can. */
export async function runHistory(run: HistoryRun): Promise<MadeHistory> {
  const random = createRandom(run.seed);
  const history: HistoryEvent[] = [];
  const record = (event: HistoryEvent): void => void history.push(event);
  const clock = createVirtualClock(random);
  const world = createMovingWorld({ now: () => clock.now(), random, faultRate: run.faultRate, record });
  const { liveJobs } = createTestLiveJobs(world, { clock, maxPollsPerSecond: 1000 });
  const operations = {
    jobApi: world,
    liveJobs,
    maxParallelReads: 8,
    lookAhead,
    jobWebUrl: null,
    report: fail,
  };
  const subscriptions = createSubscriptions({
    pipeline,
    limits: {
      maxOpened: 1_000_000,
      maxPerIdentity: 1_000_000,
      maxAskedBytes: 2 ** 30,
      maxHeldBytes: 2 ** 30,
    },
    createContext: (identification) =>
      createOperationContext(operations, { identification, signal: new AbortController().signal }),
    pause: () => Promise.resolve(),
    observer: silent,
  });
  const open = async (caller: Caller, job: string, revision: string | null): Promise<Frames> => {
    const prepared = await pipeline.prepare({ query, variables: { job, revision } }, caller);
    return subscriptions.open({ prepared, caller, transport: 'websocket', onStarted: () => undefined });
  };
  let streams = 0;
  const clients = namesOfClients(run.clients).map(({ identity, job }, index) => {
    const caller = callerNamed(identity);
    return new HistoryClient({
      identity,
      job,
      random,
      dropRate: run.dropRate,
      nextStream: () => ++streams,
      open: async (revision) => {
        const frames = await open(caller, job, revision);
        return run.spoil?.(frames, index) ?? frames;
      },
      record,
    });
  });
  for (let round = 0; round < rounds && clients.some(({ isDone }) => !isDone); round++) {
    if (round === healthyFrom) world.heal();
    for (const client of clients) client.step();
    await clock.advance(roundMs);
  }
  return {
    history,
    ends: clients.reduce((sum, { ends }) => sum + ends, 0),
    isClean:
      liveJobs.readers === 0 && clock.timers === 0 && subscriptions.opened === 0 && subscriptions.run === 0,
  };
}

function namesOfClients(each: number): readonly { readonly identity: string; readonly job: string }[] {
  return ['alice', 'bob'].flatMap((identity) =>
    ['1', '2', '3', '4'].flatMap((job) => Array.from({ length: each }, () => ({ identity, job }))),
  );
}

/** mulberry32: small, and good enough to choose by. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
