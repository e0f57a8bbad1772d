import { describe, expect, it } from 'vitest';
import type { Caller } from '../../../src/domain/caller.ts';
import { JobApiError, NoRoomForAnswer } from '../../../src/domain/errors.ts';
import { createRateLimits } from '../../../src/upstream/rate-limits.ts';
import { createManualClock } from '../../support/manual-clock.ts';

const callerOf = (fingerprint: string): Caller => ({
  proof: { kind: 'bk_token', value: fingerprint },
  tenantId: null,
  language: null,
  fingerprint,
  account: fingerprint,
});
const alice = callerOf('alice');
const bob = callerOf('bob');

const told = (upstreamCode: number | null, retryAfter: number | null) =>
  new JobApiError('RATE_LIMITED', null, { upstreamCode, retryAfter });

function createScene() {
  const clock = createManualClock();
  const limits = createRateLimits(() => clock.now());
  const waitOf = (caller: Caller): number => {
    const refusal = limits.refusal(caller);
    if (refusal === null) return 0;
    expect(refusal).toMatchObject({ code: 'RATE_LIMITED', retryable: true });
    return refusal.retryAfter!;
  };
  return { clock, limits, waitOf };
}

describe('who was told to wait', () => {
  it.each([1642901, 1642902, 1642903, 1642904, 1306429])('is everybody with %d', (number) => {
    const { clock, limits, waitOf } = createScene();
    limits.note(alice, told(number, 5_000));
    expect([waitOf(alice), waitOf(bob)]).toEqual([5_000, 5_000]);
    clock.pass(4_999);
    expect(waitOf(bob)).toBe(1);
    clock.pass(1);
    expect([waitOf(alice), waitOf(bob)]).toEqual([0, 0]);
  });

  it.each([null, 1244032])('is the caller alone with %s', (number) => {
    const { clock, limits, waitOf } = createScene();
    limits.note(alice, told(number, 5_000));
    expect([waitOf(alice), waitOf(bob)]).toEqual([5_000, 0]);
    clock.pass(5_000);
    expect(waitOf(alice)).toBe(0);
  });

  it('waits no less for a later word', () => {
    const { limits, waitOf } = createScene();
    limits.note(alice, told(null, 60_000));
    limits.note(alice, told(null, 1_000));
    limits.note(bob, told(1642901, 60_000));
    limits.note(bob, told(1642901, 1_000));
    expect([waitOf(alice), waitOf(bob)]).toEqual([60_000, 60_000]);
  });

  it('is nobody where no time is told, or another failure', () => {
    const { limits, waitOf } = createScene();
    limits.note(alice, told(1642904, null));
    limits.note(alice, told(1642904, 0));
    limits.note(alice, new JobApiError('UPSTREAM_UNAVAILABLE', null, { retryAfter: 5_000 }));
    // This service's own, of which the gateway knows nothing.
    const cause = new NoRoomForAnswer();
    limits.note(alice, new JobApiError('RATE_LIMITED', null, { retryAfter: 1_000, cause }));
    expect(waitOf(alice)).toBe(0);
  });

  it('is forgotten first who was told first, where there are ten thousand', () => {
    const { limits, waitOf } = createScene();
    for (let index = 0; index <= 10_000; index += 1) limits.note(callerOf(String(index)), told(null, 5_000));
    expect([waitOf(callerOf('0')), waitOf(callerOf('1'))]).toEqual([0, 5_000]);
  });
});
