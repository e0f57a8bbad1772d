import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JobApiError } from '../../../../src/domain/errors.ts';
import {
  createSubscriptionCount,
  type AskedStream,
} from '../../../../src/execution/subscriptions/subscription-limits.ts';

const limits = { maxOpened: 6, maxPerIdentity: 3, maxAskedBytes: 400 };

const asked: fc.Arbitrary<AskedStream> = fc.record({
  account: fc.constantFrom('alice', 'bob', 'carol'),
  bytes: fc.integer({ min: 0, max: 120 }),
});
/** Either somebody comes, or the one at a place among those who are there leaves, perhaps for the second time. */
const step = fc.oneof(asked, fc.nat({ max: 20 }));

const bytesOf = (streams: readonly AskedStream[]): number =>
  streams.reduce((sum, { bytes }) => sum + bytes, 0);

function hasRoom(open: readonly AskedStream[], { account, bytes }: AskedStream): boolean {
  const own = open.filter((stream) => stream.account === account);
  return open.length < 6 && own.length < 3 && bytesOf(open) + bytes <= 400 && bytesOf(own) + bytes <= 100;
}

describe('streams', () => {
  it('are let in exactly where those that are open leave room', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const count = createSubscriptionCount(limits);
        const open = new Set<AskedStream>();
        const entered: { readonly stream: AskedStream; readonly leave: () => void }[] = [];
        for (const next of steps) {
          if (typeof next === 'number') {
            const one = entered[next % Math.max(1, entered.length)];
            one?.leave();
            if (one) open.delete(one.stream);
          } else if (hasRoom([...open], next)) {
            entered.push({ stream: next, leave: count.enter(next) });
            open.add(next);
          } else expect(() => count.enter(next)).toThrow(JobApiError);
          expect(count.opened).toBe(open.size);
        }
      }),
    );
  });

  it('of one caller that are asked for by too much leave room to others', () => {
    const count = createSubscriptionCount(limits);
    const leave = count.enter({ account: 'alice', bytes: 100 });
    const refused = 'The texts and variables of the streams of one caller are too long all together.';
    expect(() => count.enter({ account: 'alice', bytes: 1 })).toThrow(refused);
    count.enter({ account: 'bob', bytes: 100 });
    leave();
    count.enter({ account: 'alice', bytes: 1 });
  });
});
