import { JobApiError } from '../../../src/domain/errors.ts';
import { wholeNumber, type Random } from '../../../src/simulator/random.ts';
import type { HttpRequest } from '../../../src/upstream/http-request.ts';
import type { CanaryAnswer, CanaryUpstream } from './canary-upstream.ts';

/** Calls of the upstream that are under way until they are let go, in any order. */
export interface HeldCalls {
  hold(request: Pick<HttpRequest, 'path' | 'headers'>): Promise<CanaryAnswer>;
  count(): number;
  /** Answers some of the calls, as the upstream is at that moment. */
  releaseSome(random: Random): void;
}

/** Nothing under way. */
export function createHeldCalls(upstream: CanaryUpstream): HeldCalls {
  const held: (() => void)[] = [];
  return {
    count: () => held.length,
    hold: (request) =>
      new Promise((resolve, reject) => {
        held.push(() => {
          try {
            resolve(upstream.answer(request));
          } catch (cause) {
            reject(new JobApiError('INTERNAL_SERVER_ERROR', null, { cause }));
          }
        });
      }),
    releaseSome: (random) => {
      const most = wholeNumber(random, 1, Math.max(1, held.length));
      for (let released = 0; released < most; released += 1) {
        const [release] = held.splice(wholeNumber(random, 0, held.length - 1), 1);
        release?.();
      }
    },
  };
}
