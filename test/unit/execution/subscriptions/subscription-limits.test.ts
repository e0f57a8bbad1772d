import fc from 'fast-check';
import { parse, type DocumentNode } from 'graphql';
import { describe, expect, it } from 'vitest';
import { JobApiError } from '../../../../src/domain/errors.ts';
import {
  createSubscriptionCount,
  type AskedStream,
} from '../../../../src/execution/subscriptions/subscription-limits.ts';

/** A document of so many fields. */
function documentOf(fields: number): DocumentNode {
  const names = Array.from({ length: fields }, (_, index) => `f${String(index)}: name`).join(' ');
  return parse(`subscription { jobInstanceUpdated { ${names} } }`);
}

const usual = documentOf(30);

const limits = { maxOpened: 6, maxPerIdentity: 3, maxAskedBytes: 400 };

const asked: fc.Arbitrary<AskedStream> = fc.record({
  account: fc.constantFrom('alice', 'bob', 'carol'),
  bytes: fc.integer({ min: 0, max: 120 }),
  document: fc.constant(usual),
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
    const leave = count.enter({ account: 'alice', bytes: 100, document: usual });
    const refused = 'The documents and variables of the streams of one caller are too large all together.';
    expect(() => count.enter({ account: 'alice', bytes: 1, document: usual })).toThrow(refused);
    count.enter({ account: 'bob', bytes: 100, document: usual });
    leave();
    count.enter({ account: 'alice', bytes: 1, document: usual });
  });

  it('of one caller by large documents leave room to others, each document counted once', () => {
    const roomy = { maxOpened: 1000, maxPerIdentity: 1000, maxAskedBytes: 4 * 1024 ** 2 };
    const count = createSubscriptionCount(roomy);
    const [one, other, third] = [documentOf(300), documentOf(300), documentOf(300)];
    const enter = (account: string, document: DocumentNode) => count.enter({ account, bytes: 0, document });
    const leaves = [one, one, other].map((document) => enter('alice', document));
    expect(() => enter('alice', third)).toThrow('too large');
    enter('alice', other);
    enter('alice', usual);
    enter('bob', third);
    leaves[0]?.();
    expect(() => enter('alice', third)).toThrow('too large');
    leaves[1]?.();
    enter('alice', third);
    expect(count.opened).toBe(5);
  });
});
