import { setImmediate as turn } from 'node:timers/promises';
import { shuffled, wholeNumber, type Random } from '../../../src/simulator/random.ts';
import type { CanaryUpstream } from './canary-upstream.ts';
import type { HeldCalls } from './held-calls.ts';
import { among, chooseTopic, makeOperation, type Topic } from './operations.ts';
import type { Oracle } from './oracle.ts';
import { secretPattern, type Persona } from './personas.ts';
import type { CacheLookups, WayIn } from './way-in.ts';

/** What trials are run with. */
export interface TrialWorld {
  readonly random: Random;
  readonly groups: readonly (readonly Persona[])[];
  readonly upstream: CanaryUpstream;
  readonly calls: HeldCalls;
  readonly oracle: Oracle;
  readonly way: WayIn;
  /** Has time pass in which bk-job answers nothing. */
  readonly rest: () => void;
}

/** What came of many trials. A trial is an answer that was looked through. */
export interface TrialCount {
  readonly trials: number;
  /** Requests whose caller left; they have no answer to look through. */
  readonly left: number;
  /** Answers that hold the digits of whoever asked. */
  readonly telling: number;
  /** Answers that were written from the bytes of bk-job, graphql-js executing nothing. */
  readonly fast: number;
  readonly cacheLookups: CacheLookups;
  /** What was found, each with the number of the trial. */
  readonly leaks: readonly string[];
}

/** Runs at least so many trials, or until something is found where that is enough. */
export async function runTrials(
  world: TrialWorld,
  options: { readonly trials: number; readonly untilFound?: boolean },
): Promise<TrialCount> {
  const count = { trials: 0, left: 0, telling: 0, leaks: [] as string[] };
  const { stackTraceLimit } = Error;
  // Errors that are answers by the ten thousand need no stacks, which are most of what they cost.
  Error.stackTraceLimit = 0;
  try {
    let meeting = chooseMeeting(world);
    while (count.trials < options.trials && !(options.untilFound === true && count.leaks.length > 0)) {
      await runEpisode(world, count, meeting);
      // Who comes back soon is told what is kept.
      if (!world.way.keepsReads || world.random() < 0.3) meeting = chooseMeeting(world);
      const output = world.way.output();
      if (secretPattern.test(output)) count.leaks.push(`${String(count.trials)}: its output holds a sign-in`);
    }
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
  return { ...count, fast: world.way.answeredFast(), cacheLookups: world.way.cacheLookups() };
}

interface Count {
  trials: number;
  left: number;
  telling: number;
  readonly leaks: string[];
}

/** Turns of the event loop in which nothing was asked of bk-job after which those who wait leave: they may follow what cannot be read. */
const longestIdleness = 1000;

/** Some callers, who are hard to tell apart, ask at about the same time about much the same. */
async function runEpisode(world: TrialWorld, count: Count, meeting: Meeting): Promise<void> {
  const { random, calls, upstream } = world;
  const episode: Episode = { ...meeting, begunAt: upstream.answered(), leave: new Set() };
  const pending = new Set<Promise<void>>();
  let toStart = wholeNumber(random, 2, 16);
  let failure: unknown = null;
  let idleFor = 0;
  while (toStart > 0 || pending.size > 0) {
    for (let burst = Math.min(toStart, wholeNumber(random, 0, 6)); burst > 0; burst -= 1) {
      toStart -= 1;
      const asked = askAndJudge(world, count, episode).catch((thrown: unknown) => {
        failure ??= thrown;
      });
      pending.add(asked);
      void asked.finally(() => pending.delete(asked));
    }
    await turn();
    if (failure !== null) throw new Error('The way in could not be tried.', { cause: failure });
    idleFor = toStart > 0 || calls.count() > 0 ? 0 : idleFor + 1;
    if (idleFor > longestIdleness) for (const leave of episode.leave) leave();
    if (idleFor > 0) continue;
    if (random() < 0.05) for (const leave of episode.leave) if (random() < 0.3) leave();
    // What ends a caller's rights ends what is kept for him.
    if (random() < (world.way.keepsReads ? 0.15 : 0.05))
      upstream.flipPermission(among(random, episode.personas).canary);
    if (calls.count() > 0 && (toStart === 0 || random() < 0.4)) calls.releaseSome(random);
  }
  upstream.permitAll();
  // What is still read for those who left would be news from before the next question.
  while (!world.way.isQuiet()) await turn();
  if (upstream.answered() === episode.begunAt) world.rest();
}

function chooseMeeting(world: TrialWorld): Meeting {
  const { random, way } = world;
  // Memory that is used for others while it is kept shows where one crowd soon follows another.
  const crowded = way.keepsReads ? 0.3 : 0.04;
  return {
    personas: choosePersonas(world),
    topics: Array.from({ length: random() < 0.8 ? 1 : 2 }, () => chooseTopic(random, crowded)),
  };
}

function choosePersonas({ random, groups }: TrialWorld): readonly Persona[] {
  const likes = shuffled(random, among(random, groups)).slice(0, 5);
  return random() < 0.2 ? [...likes, among(random, among(random, groups))] : likes;
}

/** Who asks about the same time, and about what. */
interface Meeting {
  readonly personas: readonly Persona[];
  readonly topics: readonly Topic[];
}

interface Episode extends Meeting {
  /** How many answers bk-job had given when it began. */
  readonly begunAt: number;
  /** What makes callers leave who are still waiting. */
  readonly leave: Set<() => void>;
}

async function askAndJudge(
  { random, way, oracle, upstream }: TrialWorld,
  count: Count,
  { begunAt, personas, topics, leave }: Episode,
): Promise<void> {
  const persona = among(random, personas);
  const controller = new AbortController();
  const leaveNow = (): void => controller.abort(new Error('The caller left.'));
  leave.add(leaveNow);
  const operation = makeOperation(random, among(random, topics), persona);
  const signIn = random() < 0.2 ? 'cookie' : 'header';
  try {
    const answeredBefore = way.inTransit ? begunAt : upstream.answered();
    const mayBeTold = way.mayTellAgain(persona);
    const answer = await way.ask({ ...operation, persona, signIn, signal: controller.signal });
    count.trials += 1;
    const { leaks, own } = oracle(answer, { persona, begunAt: answeredBefore, mayBeTold });
    if (own > 0) count.telling += 1;
    for (const leak of new Set(leaks)) count.leaks.push(`${String(count.trials)}: ${leak}`);
  } catch (error) {
    if (!controller.signal.aborted) throw error;
    count.left += 1;
  } finally {
    leave.delete(leaveNow);
  }
}
