import { createRandom } from '../../../src/simulator/random.ts';
import { createCanaryUpstream } from './canary-upstream.ts';
import { createHeldCalls, type HeldCalls } from './held-calls.ts';
import { createOracle } from './oracle.ts';
import { createCanaries, createGroups } from './personas.ts';
import type { TrialWorld } from './trials.ts';
import type { WayIn } from './way-in.ts';

/** Opens a way in, to a service before these calls. `now` is a clock for what goes by time. */
export type OpenWay = (calls: HeldCalls, now: () => number) => Promise<WayIn>;

/** A world of trials. Whoever disposes of it closes the service in it. */
export type OpenedWorld = TrialWorld & AsyncDisposable;

/** Callers, a bk-job that marks its answers, and a service between them. */
export async function openWorld(open: OpenWay, seed: number): Promise<OpenedWorld> {
  const random = createRandom(seed);
  const canaries = createCanaries(createRandom(seed + 1));
  const upstream = createCanaryUpstream(canaries);
  const calls = createHeldCalls(upstream);
  // A clock that goes by answers: what a circuit breaker does must not depend on how fast the machine is. One that spares
  // bk-job would wait for ever, if nothing else moved it.
  let rests = 0;
  const way = await open(calls, () => (upstream.answered() + rests) * millisecondsPerAnswer);
  return {
    random,
    groups: createGroups(random, canaries),
    upstream,
    calls,
    oracle: createOracle(canaries),
    rest: () => (rests += 1),
    way,
    [Symbol.asyncDispose]: () => way[Symbol.asyncDispose](),
  };
}

const millisecondsPerAnswer = 100;
