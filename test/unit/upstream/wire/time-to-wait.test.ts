import { afterEach, describe, expect, it, vi } from 'vitest';
import { JobApiError } from '../../../../src/domain/errors.ts';
import { openEnvelope } from '../../../../src/upstream/wire/envelope.ts';

interface Answer {
  readonly status?: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

function failureOf({ status = 200, headers, body }: Answer): JobApiError {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  try {
    openEnvelope({ status, headers, body: new TextEncoder().encode(text) }, { permissionApplyUrl: null });
  } catch (error) {
    if (error instanceof JobApiError) return error;
    throw error;
  }
  throw new Error('The answer is a success.');
}

afterEach(() => {
  vi.useRealTimers();
});

describe('the time to wait', () => {
  const limited = { result: false, code: 1642901, code_name: 'X' };

  it.each([
    ['37', 37_000],
    ['0', 0],
    ['60', 60_000],
    ['61', 60_000],
    ['999999', 60_000],
    ['1000000', 60_000],
    ['9'.repeat(400), 60_000],
    ['-1', null],
    ['+1', null],
    ['1.5', null],
    ['1, 2', null],
    ['0x10', null],
    ['NaN', null],
    ['Infinity', null],
    ['soon', null],
    ['', null],
  ])('of %j seconds is %s milliseconds', (reset, retryAfter) => {
    const headers = { 'x-bkapi-ratelimit-reset': reset };
    expect(failureOf({ status: 429, headers, body: limited }).retryAfter).toBe(retryAfter);
    expect(failureOf({ status: 429, headers, body: '' }).retryAfter).toBe(retryAfter);
  });

  it("is the gateway's own where two are told", () => {
    expect(failureOf({ status: 429, headers: { 'retry-after': '9' }, body: '' }).retryAfter).toBe(9000);
    const headers = { 'retry-after': '9', 'x-bkapi-ratelimit-reset': '3' };
    expect(failureOf({ status: 429, headers, body: limited }).retryAfter).toBe(3000);
    const now = { 'retry-after': '9', 'x-bkapi-ratelimit-reset': '0' };
    expect(failureOf({ status: 429, headers: now, body: limited }).retryAfter).toBe(0);
  });

  it.each(['', 'abc', '-1', '1.5'])('is that of the other header where the first one says %j', (reset) => {
    const headers = { 'retry-after': '9', 'x-bkapi-ratelimit-reset': reset };
    expect(failureOf({ status: 429, headers, body: limited }).retryAfter).toBe(9000);
  });

  it.each([
    ['Wed, 21 Oct 2026 07:28:30 GMT', 30_000],
    ['Wednesday, 21-Oct-26 07:28:30 GMT', 30_000],
    ['Wed, 21 Oct 2026 07:27:59 GMT', 0],
    ['Wed, 21 Oct 2099 07:28:00 GMT', 60_000],
    ['Wed, 99 Oct 2026 07:28:30 GMT', null],
    ['2026-10-21T07:28:30Z', null],
    ['21 Oct 2026', null],
  ])('until %s is %s milliseconds at 07:28:00', (until, retryAfter) => {
    vi.setSystemTime('2026-10-21T07:28:00Z');
    expect(failureOf({ status: 429, headers: { 'retry-after': until }, body: limited }).retryAfter).toBe(
      retryAfter,
    );
  });

  it('is not known without the header, and of no other failure', () => {
    expect(failureOf({ status: 429, headers: {}, body: limited }).retryAfter).toBeNull();
    const headers = { 'x-bkapi-ratelimit-reset': '5' };
    expect(failureOf({ headers, body: { result: false, code: 1244006 } }).retryAfter).toBeNull();
  });
});
