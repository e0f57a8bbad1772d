import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  clientLeft,
  refusalOfTimeout,
  RequestSignals,
  timeAtTheEnd,
  timeForRequest,
} from '../../../src/server/request-signal.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

class Answer extends EventEmitter {
  writableFinished = false;
  close({ answered }: { readonly answered: boolean }): void {
    this.writableFinished = answered;
    this.emit('close');
  }
}

function start(timeoutMs: number, signals = new RequestSignals()) {
  const answer = new Answer();
  return {
    answer,
    signal: signals.create(answer, timeoutMs),
  };
}

describe('the signal of a request', () => {
  it('says that the time is over, and not before', () => {
    const { signal } = start(2000);
    vi.advanceTimersByTime(1999);
    expect(signal.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(signal.reason).toMatchObject({ code: 'UPSTREAM_TIMEOUT', retryable: true });
  });

  it('says that hosts are late while there is time for what asks without them', () => {
    const { signal } = start(2000);
    const late: string[] = [];
    signal.onHostsLate?.(() => late.push('in time'));
    vi.advanceTimersByTime(1599);
    expect(late).toEqual([]);
    vi.advanceTimersByTime(1);
    signal.onHostsLate?.(() => late.push('at once'));
    expect([late, signal.aborted]).toEqual([['in time', 'at once'], false]);
  });

  it('says that the client has left', () => {
    const { answer, signal } = start(2000);
    answer.close({ answered: false });
    expect(signal.reason).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  });

  it('says that the client has left even where its time was over before', () => {
    const { answer, signal } = start(2000);
    let calls = 0;
    signal.addEventListener('abort', () => (calls += 1));
    vi.advanceTimersByTime(2000);
    expect(signal.reason).not.toBe(clientLeft);
    answer.close({ answered: false });
    expect([signal.reason, calls]).toEqual([clientLeft, 1]);
  });

  it.each([0, 1700])('says nothing of a request that was answered after %i ms, and leaves no timer', (ms) => {
    const { answer, signal } = start(2000);
    vi.advanceTimersByTime(ms);
    answer.close({ answered: true });
    expect(vi.getTimerCount()).toBe(0);
    expect(signal.aborted).toBe(false);
  });
});

describe('the signals of a server that closes', () => {
  it('say that the time is over to all that is under way, and to what comes later', () => {
    const signals = new RequestSignals();
    const before = start(25_000, signals);
    signals.endWithin(2000);
    vi.advanceTimersByTime(500);
    const after = start(25_000, signals);
    vi.advanceTimersByTime(1499);
    expect([before.signal.aborted, after.signal.aborted]).toEqual([false, false]);
    vi.advanceTimersByTime(1);
    const late = start(25_000, signals);
    vi.advanceTimersByTime(1);
    for (const { signal } of [before, after, late]) {
      expect(signal.reason).toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    }
  });

  it('say before that to what is under way that hosts are late, once', () => {
    const signals = new RequestSignals();
    const { signal } = start(25_000, signals);
    vi.advanceTimersByTime(5000);
    let late = 0;
    signal.onHostsLate?.(() => (late += 1));
    signals.endWithin(4000);
    vi.advanceTimersByTime(3199);
    expect(late).toBe(0);
    vi.advanceTimersByTime(1);
    expect([late, signal.aborted]).toEqual([1, false]);
    vi.advanceTimersByTime(799);
    expect(signal.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect([late, signal.reason]).toMatchObject([1, { code: 'UPSTREAM_TIMEOUT' }]);
  });

  it('say nothing of what was answered, and give no request more time than it has', () => {
    const signals = new RequestSignals();
    const answered = start(25_000, signals);
    signals.endWithin(2000);
    answered.answer.close({ answered: true });
    const short = start(500, signals);
    vi.advanceTimersByTime(500);
    expect(short.signal.aborted).toBe(true);
    vi.advanceTimersByTime(2000);
    expect(answered.signal.aborted).toBe(false);
  });

  it.each([
    [20_000, 19_000],
    [1001, 1],
    [1000, null],
    [0, null],
  ])('have of a grace period of %i ms %j, so that there is a second for answers', (gracePeriod, expected) => {
    expect(timeAtTheEnd({ gracePeriod })).toBe(expected);
  });
});

describe('the time of a request', () => {
  it.each([
    [undefined, 25_000],
    ['800', 800],
    ['800ms', 800],
    ['2s', 2000],
    ['30s', 25_000],
    ['999999999s', 25_000],
  ])('with the hint %s is %i ms: a client can lower it and never raise it', (hint, expected) => {
    const headers = { 'x-request-timeout': hint };
    expect(refusalOfTimeout(headers)).toBeNull();
    expect(timeForRequest(headers, { timeout: 25_000 })).toBe(expected);
  });

  it.each(['', '0', '-1', '1.5', '2m', 'soon', '800, 900', '9999999999'])(
    'is not guessed from %j',
    (hint) => {
      const refusal = refusalOfTimeout({ 'x-request-timeout': hint });
      expect(refusal).toMatchObject({ statusCode: 400, error: { code: 'BAD_USER_INPUT' } });
      if (hint !== '') expect(refusal?.message).not.toContain(`"${hint}"`);
    },
  );
});
