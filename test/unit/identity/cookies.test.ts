import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JobApiError } from '../../../src/domain/errors.ts';
import { proofFromCookies } from '../../../src/identity/cookies.ts';
import { createIdentity } from '../../../src/identity/identity.ts';

function refusalOf(headers: readonly string[]): string {
  try {
    proofFromCookies(headers);
  } catch (error) {
    if (error instanceof JobApiError && error.code === 'BAD_USER_INPUT') return error.message;
    throw error;
  }
  return 'Nothing was refused.';
}

describe('a sign-in by cookie', () => {
  it.each([
    ['bk_token=alice', 'bk_token', 'alice'],
    ['bk_ticket=t', 'bk_ticket', 't'],
    ['a=b; bk_token=alice; c=d', 'bk_token', 'alice'],
    ['bk_token=alice;bk_token=alice', 'bk_token', 'alice'],
    [' bk_token = alice ', 'bk_token', 'alice'],
    ['bk_token="alice"', 'bk_token', 'alice'],
    ['bk_token=a=b==', 'bk_token', 'a=b=='],
    ['bk_token=a%2Bb%3B', 'bk_token', 'a+b;'],
    ['bk_token=a+b', 'bk_token', 'a+b'],
    ['bk_token=a%2525', 'bk_token', 'a%25'],
    ['access_token=other; bk_token=alice', 'bk_token', 'alice'],
    ['; ;=x; bk_token=alice', 'bk_token', 'alice'],
  ])('is read from %s', (cookie, kind, value) => {
    expect(proofFromCookies([cookie])).toEqual({ kind, value });
  });

  it('is read from more than one header of cookies', () => {
    expect(proofFromCookies(['a=b', 'bk_ticket=t', 'bk_ticket=t'])).toEqual({
      kind: 'bk_ticket',
      value: 't',
    });
  });

  it.each(['', 'a=b', 'access_token=x', 'BK_TOKEN=x', 'xbk_token=x', 'bk_token', 'bk_tokens=x'])(
    'is not there in %j',
    (cookie) => {
      expect(proofFromCookies([cookie])).toBeNull();
    },
  );

  it.each(['bk_token=a; bk_token=b', 'bk_token=a; bk_ticket=a', 'bk_ticket=b; bk_ticket=a; bk_ticket=b'])(
    'is refused where there are two: %s',
    (cookies) => {
      const expected = 'The cookies sign in more than once, differently.';
      expect(refusalOf([cookies])).toBe(expected);
      expect(refusalOf(cookies.split('; '))).toBe(expected);
    },
  );

  it.each([
    '',
    '%',
    '%E4%BB%A4',
    '%0d%0aX:%20y',
    '%00',
    'a%20b',
    'a b',
    '""',
    'é',
    '%C3%28',
    'x'.repeat(4097),
  ])('is refused where it holds what none has: %j', (value) => {
    expect(refusalOf([`bk_token=${value}`])).toBe(
      'bk_token must be a text of 1 to 4096 visible ASCII characters.',
    );
  });

  it('is decoded once: what was encoded once is what arrives', () => {
    const visible = fc.string({
      unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
      minLength: 1,
    });
    fc.assert(
      fc.property(visible, (value) => {
        expect(proofFromCookies([`bk_token=${encodeURIComponent(value)}`])).toEqual({
          kind: 'bk_token',
          value,
        });
      }),
    );
  });
});

describe('the origin of a page', () => {
  const identity = createIdentity({
    allowedOrigins: ['https://job.example.com', 'http://localhost:8080'],
    fingerprintKey: new Uint8Array(32),
    guestProof: null,
  });
  const signIn = (origin: string | null): string | null =>
    identity.identify({
      rawHeaders: ['Cookie', 'bk_token=alice', ...(origin === null ? [] : ['Origin', origin])],
    })?.proof.value ?? null;

  it.each(['https://job.example.com', 'http://localhost:8080'])('on the list may sign in: %s', (origin) => {
    expect(signIn(origin)).toBe('alice');
  });

  it.each([
    null,
    '',
    'null',
    '*',
    'http://job.example.com',
    'https://job.example.com:443',
    'https://job.example.com/',
    'https://JOB.example.com',
    'https://job.example.com.evil.example',
    'https://evil.example',
    'https://sub.job.example.com',
    'http://localhost',
    'https://job.example.com,http://localhost:8080',
  ])('not on it, letter by letter, is as if no cookie had come: %s', (origin) => {
    expect(signIn(origin)).toBeNull();
  });

  it('that may not sign in is not told what is wrong with its cookies', () => {
    const rawHeaders = ['Cookie', 'bk_token=a; bk_token=b', 'Origin', 'https://evil.example'];
    expect(identity.identify({ rawHeaders })).toBeNull();
  });
});
