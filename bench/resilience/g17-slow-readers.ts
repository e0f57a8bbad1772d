import { setTimeout as pause } from 'node:timers/promises';
import type { Figure, Trial, TrialSize } from './figure.ts';
import { percentile, startLiveTrial, type LiveTrial } from './live/live-trial.ts';
import { monotonicMs } from './live/monotonic-ms.ts';

interface Plan {
  /** Those who read. */
  readonly others: number;
  readonly stuck: number;
  /** So often some come that never read, and are there until they are cut off. */
  readonly rounds: number;
  /**
   * Other work on the machine makes some messages slower, and among few these are the slowest hundredth: there the
   * message in the middle counts, by how long it took to reach 99 of 100.
   */
  readonly judgedBy: 'the message in the middle' | 'all messages';
}

/** The long run takes some 14 minutes, and for nearly ten of them somebody is there who does not read. */
const plans: Readonly<Record<TrialSize, Plan>> = {
  ci: { others: 300, stuck: 100, rounds: 2, judgedBy: 'the message in the middle' },
  long: { others: 900, stuck: 100, rounds: 22, judgedBy: 'all messages' },
};

/** G17: who never reads costs the others nothing, holds little, and is cut off (`reliability.md` 3). */
export const trial: Trial = async ({ size }) => {
  const plan = plans[size];
  const seen = await run(plan);
  return [slowerOthers(plan, seen), cutOffs(plan, seen), heldMemory(plan, seen)].map((figure) => ({
    goal: 'G17',
    load: `${String(plan.stuck)} of ${String(plan.others + plan.stuck)} sockets never read, ${String(plan.rounds)} times in turn with none of them; ${String(seen.events)} messages of ${String(padding / 1000)} kB each, ${String(Math.round(seen.seconds))} s`,
    ...figure,
  }));
};

type Row = Omit<Figure, 'goal' | 'load'>;

function slowerOthers({ others, judgedBy }: Plan, seen: Seen): Row {
  const { rounds, quietAfterwards, events, latencies } = seen;
  const of = (those: readonly number[]) => {
    const messages = those.map((event) => latencies.get(event) ?? []);
    return {
      'the message in the middle': percentile(
        messages.map((one) => percentile(one, 0.99)),
        0.5,
      ),
      'all messages': percentile(messages.flat(), 0.99),
    };
  };
  const quiet = of([...rounds.flatMap(({ quietEvents: alone }) => alone), ...quietAfterwards]);
  const beside = of(rounds.flatMap(({ stuckEvents }) => stuckEvents));
  const slower = beside[judgedBy] / quiet[judgedBy] - 1;
  const told = (by: Plan['judgedBy']) =>
    `${String(Math.round(beside[by]))} ms beside ${String(Math.round(quiet[by]))} ms without (${by})`;
  const all = [...latencies.values()].reduce((sum, one) => sum + one.length, 0);
  const missing = others * events - all;
  return {
    what: 'how much longer the others wait',
    measured: `${(slower * 100).toFixed(0)} %: p99 ${told('the message in the middle')}, ${told('all messages')}; ${String(missing)} of ${String(others * events)} missing`,
    wanted: `p99 within 10 % (${judgedBy}), none missing`,
    passed: slower <= 0.1 && missing === 0,
    note: 'The same sockets in turns: alone, and beside those who do not read from when these take nothing more; all on one machine.',
  };
}

function cutOffs({ stuck }: Plan, { rounds, closedOthers }: Seen): Row {
  const fewest = Math.min(...rounds.map(({ cutOff }) => cutOff));
  const last = Math.max(...rounds.map(({ lastCutAfter }) => lastCutAfter));
  return {
    what: 'who never reads is cut off, and nobody else is',
    measured: `${String(fewest)} of ${String(stuck)} each time, the last ${(last / 1000).toFixed(1)} s after the first message that it did not read; ${String(closedOthers)} others`,
    wanted: 'all of them within 30 s, no others',
    passed: fewest === stuck && last <= 30_000 && closedOthers === 0,
    note: 'Counted from when they stop to read; until the buffers of the kernel are full the service cannot see it.',
  };
}

function heldMemory({ stuck }: Plan, { rounds }: Seen): Row {
  const most = rounds.reduce((one, other) => (other.heldBytes > one.heldBytes ? other : one));
  const megabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(1)} MB`;
  const each = Math.max(0, most.heldBytes) / stuck / 1000;
  return {
    what: 'memory held for each who never reads, before it is cut off',
    measured: `${each.toFixed(0)} kB: ${megabytes(most.heldBytes)} for all ${String(stuck)} of them together, ${megabytes(most.bufferBytes)} of it in buffers`,
    wanted: 'at most 64 kB',
    passed: each <= 64,
    note: 'Heap and buffers beyond what there was when they had connected, the most of the turns. The message under way and the newest are held once for all who wait, and are most of it.',
  };
}

/** How long after a message the next one is made; the service then finds it at its next look. */
const eventTime = 2000;

/** How often connections are counted meanwhile. */
const countTime = 500;

/** Large enough for the buffers of the kernel, which are not of this process, to be full after a few. */
const padding = 1_000_000;

const quietEvents = 4;

/** By then these are full. */
const fullAfter = 5;

/** By then something waits for each of them, and nobody has been cut off yet. */
const measuredAfter = 7;

/** By then everybody should be. */
const mostEvents = 15;

interface Round {
  readonly quietEvents: readonly number[];
  readonly stuckEvents: readonly number[];
  readonly heldBytes: number;
  readonly bufferBytes: number;
  readonly cutOff: number;
  readonly lastCutAfter: number;
}

interface Seen {
  readonly rounds: readonly Round[];
  /** Events after the last round: with them there are as many alone before as after, however the machine's speed moves. */
  readonly quietAfterwards: readonly number[];
  readonly events: number;
  readonly seconds: number;
  readonly closedOthers: number;
  /** By event. */
  readonly latencies: ReadonlyMap<number, readonly number[]>;
}

async function run({ others, stuck, rounds }: Plan): Promise<Seen> {
  await using live = await startLiveTrial();
  await live.open(others);
  const start = monotonicMs();
  const job = new ChangingJob(live);
  // What runs for the first time runs slower.
  await job.changes(quietEvents);
  const seen: Round[] = [];
  for (let round = 0; round < rounds; round++) seen.push(await runRound(job, stuck));
  const quietAfterwards = await job.changes(quietEvents);
  const seconds = (monotonicMs() - start) / 1000;
  const { events, closedOthers } = await live.received();
  const latencies = new Map(
    [...job.readAt].map(([event, at]) => [event, (events[event] ?? []).map((moment) => moment - at)]),
  );
  return { rounds: seen, quietAfterwards, events: job.readAt.size, seconds, closedOthers, latencies };
}

/** What those who read get alone, and then beside some who do not, until these have been cut off. */
async function runRound(job: ChangingJob, stuck: number): Promise<Round> {
  const { live } = job;
  const quiet = await job.changes(quietEvents);
  const before = await live.connections();
  const readers = await live.open(stuck, { stuck });
  const connected = await live.connections();
  const empty = await live.measure();
  const start = monotonicMs();
  const beside: number[] = [];
  let full = empty;
  let [least, leastAt] = [connected, Infinity];
  while (beside.length < mostEvents && least > before) {
    const { event, counts } = await job.change();
    beside.push(event);
    if (beside.length === measuredAfter) full = await live.measure();
    // Who reads nothing does not learn that it was cut off, so the connections of the service are counted.
    for (const { at, count } of counts) if (count < least) [least, leastAt] = [count, at];
  }
  await readers.end();
  return {
    quietEvents: quiet,
    stuckEvents: beside.slice(fullAfter),
    heldBytes: full.held - empty.held,
    bufferBytes: full.buffers - empty.buffers,
    cutOff: connected - least,
    lastCutAfter: leastAt - start,
  };
}

/** The job that all follow. */
class ChangingJob {
  readonly live: LiveTrial;
  /** By event, when the service had read it. */
  readonly readAt = new Map<number, number>();

  constructor(live: LiveTrial) {
    this.live = live;
  }

  /** Makes it another one so often. Resolves with these events. */
  async changes(count: number): Promise<readonly number[]> {
    const events: number[] = [];
    while (events.length < count) events.push((await this.change()).event);
    return events;
  }

  /** Makes it another one, and counts the connections of the service until it is time for the next change. */
  async change() {
    const event = this.readAt.size + 1;
    this.live.service.order({ kind: 'change', event, padding });
    const { at } = await this.live.service.next('read', (read) => read.event === event);
    this.readAt.set(event, at);
    const counts: { readonly at: number; readonly count: number }[] = [];
    for (let waited = 0; waited < eventTime; waited += countTime) {
      await pause(countTime);
      counts.push({ at: monotonicMs(), count: await this.live.connections() });
    }
    return { event, counts };
  }
}
