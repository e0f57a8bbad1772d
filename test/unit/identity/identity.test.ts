import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Caller, UserProof } from '../../../src/domain/caller.ts';
import { JobApiError } from '../../../src/domain/errors.ts';
import { createIdentity, type IdentityOptions } from '../../../src/identity/identity.ts';

const fingerprintKey = new Uint8Array(32).fill(7);
const origin = 'https://job.example.com';
const guestProof: UserProof = { kind: 'bk_token', value: 'guest' };

type Header = readonly [name: string, value: string];

function identify(headers: readonly Header[], options: Partial<IdentityOptions> = {}): Caller | null {
  return createIdentity({ allowedOrigins: [origin], fingerprintKey, guestProof: null, ...options }).identify({
    rawHeaders: headers.flat(),
  });
}

function refusalOf(headers: readonly Header[], options?: Partial<IdentityOptions>): JobApiError {
  try {
    identify(headers, options);
  } catch (error) {
    if (error instanceof JobApiError) return error;
    throw error;
  }
  throw new Error('Nothing was refused.');
}

const authorized = (members: unknown): Header => ['X-Bkapi-Authorization', JSON.stringify(members)];
const alice = authorized({ bk_token: 'alice' });
const fromOrigin: Header = ['Origin', origin];

const kinds = ['bk_token', 'bk_ticket', 'access_token'] as const;
const proofValue = fc.string({
  unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
  minLength: 1,
  maxLength: 100,
});
const tenant = fc.option(fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/));
const language = fc.option(fc.constantFrom('en', 'zh-cn'));

interface Asked {
  readonly kind: UserProof['kind'];
  readonly value: string;
  readonly tenantId: string | null;
  readonly language: string | null;
}
const asked: fc.Arbitrary<Asked> = fc.record({
  kind: fc.constantFrom(...kinds),
  value: proofValue,
  tenantId: tenant,
  language,
});

function headersOf({ kind, value, tenantId, language }: Asked): readonly Header[] {
  return [
    authorized({ [kind]: value }),
    ...(tenantId === null ? [] : [['X-Bk-Tenant-Id', tenantId] as const]),
    ...(language === null ? [] : [['Blueking-Language', language] as const]),
  ];
}

describe('a caller', () => {
  it('is the proof of the header with tenant and language, whatever they are within the rules', () => {
    fc.assert(
      fc.property(asked, (one) => {
        expect(identify(headersOf(one))).toEqual({
          proof: { kind: one.kind, value: one.value },
          tenantId: one.tenantId,
          language: one.language,
          fingerprint: expect.stringMatching(/^[\w-]{43}$/) as unknown,
          account: expect.stringMatching(/^[\w-]{43}$/) as unknown,
        });
      }),
    );
  });

  it('is recognised by headers of any letter case', () => {
    const names = ['x-bkapi-authorization', 'X-BKAPI-AUTHORIZATION'];
    for (const name of names) {
      const caller = identify([
        [name, '{"bk_token":"alice"}'],
        [name.startsWith('x') ? 'x-bk-tenant-id' : 'X-BK-TENANT-ID', 'blue'],
      ]);
      expect(caller).toMatchObject({ proof: { value: 'alice' }, tenantId: 'blue', language: null });
    }
  });

  it('is nobody without credentials, whatever else came', () => {
    expect(identify([])).toBeNull();
    expect(
      identify([['Accept', '*/*'], ['Authorization', 'Bearer x'], ['X-Bk-Tenant-Id', 'blue'], fromOrigin]),
    ).toBeNull();
  });
});

it('an account is that of the proof, whatever tenant and language come with it', () => {
  fc.assert(
    fc.property(asked, asked, fc.boolean(), (left, other, isOneUser) => {
      const right = isOneUser ? { ...other, kind: left.kind, value: left.value } : other;
      const areEqual = left.kind === right.kind && left.value === right.value;
      expect(identify(headersOf(left))?.account === identify(headersOf(right))?.account).toBe(areEqual);
    }),
  );
});

describe('a fingerprint', () => {
  const fingerprint = (one: Asked, key = fingerprintKey): string =>
    identify(headersOf(one), { fingerprintKey: key })?.fingerprint ?? '';

  it('is equal exactly for equal callers', () => {
    const near = fc.record({
      kind: fc.constantFrom(...kinds),
      value: fc.constantFrom('a', 'b', 'a1:b', '1:a', '-', 'a-', '-2:en'),
      tenantId: fc.option(fc.constantFrom('a', 'b', 'a-', '1')),
      language,
    });
    fc.assert(
      fc.property(fc.oneof(near, asked), fc.oneof(near, asked), (left, right) => {
        const areEqual = JSON.stringify(headersOf(left)) === JSON.stringify(headersOf(right));
        expect(fingerprint(left) === fingerprint(right)).toBe(areEqual);
      }),
      { numRuns: 2000 },
    );
  });

  it('means nothing without its key', () => {
    const one: Asked = { kind: 'bk_token', value: 'alice', tenantId: null, language: null };
    expect(fingerprint(one)).toBe(fingerprint(one, new Uint8Array(fingerprintKey)));
    expect(fingerprint(one)).not.toBe(fingerprint(one, new Uint8Array(32).fill(8)));
    expect(fingerprint(one)).not.toContain('alice');
  });

  it('is the same from a cookie as from the header', () => {
    const fromCookie = identify([fromOrigin, ['Cookie', 'bk_token=alice']]);
    expect(fromCookie?.fingerprint).toBe(identify([alice])?.fingerprint);
  });
});

describe('tenant and language', () => {
  it.each(['', '-a', '_a', 'a b', 'a,b', 'a'.repeat(65), 'a\n', 'é', 'a/b', 'a:b'])(
    'refuse the tenant %j without repeating it',
    (value) => {
      const error = refusalOf([alice, ['X-Bk-Tenant-Id', value]]);
      expect(error.code).toBe('BAD_USER_INPUT');
      expect(error.message).toBe('The header x-bk-tenant-id holds no value that it can have.');
    },
  );

  it.each(['', 'EN', 'zh-CN', 'zh', 'en,zh-cn', 'de', ' en', 'en\n'])('refuse the language %j', (value) => {
    const error = refusalOf([alice, ['Blueking-Language', value]]);
    expect(error.code).toBe('BAD_USER_INPUT');
    expect(error.message).toBe('The header blueking-language holds no value that it can have.');
  });

  it('are held to their rules without credentials, too', () => {
    expect(refusalOf([['Blueking-Language', 'de']]).code).toBe('BAD_USER_INPUT');
    expect(refusalOf([['X-Bk-Tenant-Id', '']], { guestProof }).code).toBe('BAD_USER_INPUT');
  });
});

describe('a header that came twice', () => {
  it.each([
    ['X-Bkapi-Authorization', '{"bk_token":"alice"}'],
    ['X-Bk-Tenant-Id', 'blue'],
    ['Blueking-Language', 'en'],
    ['Origin', origin],
  ])('is refused, even if equal: %s', (name, value) => {
    const error = refusalOf([
      [name, value],
      ['Accept', '*/*'],
      [name.toLowerCase(), value],
    ]);
    expect(error.code).toBe('BAD_USER_INPUT');
    expect(error.message).toBe(`The header ${name.toLowerCase()} came more than once.`);
  });
});

describe('the guest', () => {
  it('asks where no credential came, with the tenant and language that did', () => {
    expect(identify([], { guestProof })).toMatchObject({ proof: guestProof, tenantId: null, language: null });
    expect(
      identify(
        [
          ['X-Bk-Tenant-Id', 'blue'],
          ['Blueking-Language', 'en'],
        ],
        { guestProof },
      ),
    ).toMatchObject({ proof: guestProof, tenantId: 'blue', language: 'en' });
  });

  it('asks where a cookie came from a page that may not sign in', () => {
    expect(identify([['Cookie', 'bk_token=alice']], { guestProof })?.proof).toEqual(guestProof);
  });

  it('never stands in for credentials that came, right or wrong', () => {
    expect(identify([alice], { guestProof })?.proof.value).toBe('alice');
    expect(identify([fromOrigin, ['Cookie', 'bk_ticket=t']], { guestProof })?.proof.value).toBe('t');
    for (const wrong of ['', '{}', 'null', '{"bk_token":""}']) {
      expect(refusalOf([['X-Bkapi-Authorization', wrong]], { guestProof }).code).toBe('BAD_USER_INPUT');
    }
    expect(refusalOf([fromOrigin, ['Cookie', 'bk_token=']], { guestProof }).code).toBe('BAD_USER_INPUT');
  });
});

describe('a header and a cookie', () => {
  it('that sign in the same are one', () => {
    expect(identify([alice, fromOrigin, ['Cookie', 'bk_token=alice']])?.proof.value).toBe('alice');
  });

  it.each(['bk_token=bob', 'bk_ticket=alice'])('that sign in differently are refused: %s', (cookie) => {
    const error = refusalOf([alice, fromOrigin, ['Cookie', cookie]]);
    expect(error.code).toBe('BAD_USER_INPUT');
    expect(error.message).toBe('The header X-Bkapi-Authorization and the cookies sign in differently.');
  });

  it('do not meet where the page may not sign in', () => {
    expect(identify([alice, ['Cookie', 'bk_token=bob']])?.proof.value).toBe('alice');
  });
});

describe('whatever comes', () => {
  const anyText = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.json(),
    fc
      .dictionary(fc.constantFrom(...kinds, 'bk_username', 'x'), fc.oneof(fc.string(), fc.jsonValue()))
      .map((members) => JSON.stringify(members)),
    fc.string().map((value) => `bk_token=${value}`),
  );
  const anyHeader: fc.Arbitrary<Header> = fc.tuple(
    fc.constantFrom('x-bkapi-authorization', 'cookie', 'origin', 'x-bk-tenant-id', 'blueking-language', 'x'),
    fc.oneof(anyText, fc.constant(origin)),
  );

  it('is a caller who can be handed on in headers, nobody, or refused as BAD_USER_INPUT', () => {
    fc.assert(
      fc.property(fc.array(anyHeader, { maxLength: 6 }), (headers) => {
        let caller: Caller | null;
        try {
          caller = identify(headers);
        } catch (error) {
          expect(error).toBeInstanceOf(JobApiError);
          expect(error).toMatchObject({ code: 'BAD_USER_INPUT', retryable: false });
          return;
        }
        if (caller === null) return;
        for (const value of [caller.proof.value, caller.tenantId ?? 'x', caller.language ?? 'x']) {
          expect(value).toMatch(/^[\x21-\x7e]{1,4096}$/);
        }
        expect(kinds).toContain(caller.proof.kind);
      }),
      { numRuns: 2000 },
    );
  });

  it('is not repeated by a refusal', () => {
    const marked = fc.string({ minLength: 3 }).map((value) => `~~${value}~~`);
    fc.assert(
      fc.property(marked, marked, (value, other) => {
        const attempts: readonly (readonly Header[])[] = [
          [authorized({ bk_token: `${value} ` })],
          [authorized({ bk_token: value, bk_ticket: other })],
          [authorized({ [value]: other })],
          [authorized({ bk_username: value })],
          [['X-Bkapi-Authorization', value]],
          [authorized([value])],
          [alice, ['X-Bk-Tenant-Id', value]],
          [alice, ['Blueking-Language', value]],
          [alice, alice, ['Cookie', value]],
          [fromOrigin, ['Cookie', `bk_token=${encodeURIComponent(value)}é`]],
          [fromOrigin, ['Cookie', 'bk_token=~~a'], ['Cookie', 'bk_token=~~b']],
        ];
        for (const headers of attempts) {
          const { message, cause } = refusalOf(headers);
          expect(message).not.toContain('~~');
          expect(cause).toBeUndefined();
        }
      }),
    );
  });
});
