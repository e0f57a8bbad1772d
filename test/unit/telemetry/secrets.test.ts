import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holdsPartOf, holdsPartOfSignIn } from '../../../src/telemetry/secrets.ts';

const secret = fc.string({
  unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
  minLength: 16,
  maxLength: 60,
});

describe('a text of a client', () => {
  it('that shares twelve characters with what it signs in with holds a part of it', () => {
    fc.assert(
      fc.property(secret, fc.nat(), fc.string({ maxLength: 20 }), (value, at, beside) => {
        const start = at % (value.length - 12);
        const part = value.slice(start, start + 12);
        expect(holdsPartOf(`${beside}${part}${beside}`, `{"bk_token":"${value}"}`)).toBe(true);
      }),
    );
  });

  it('holds a part of it in hex and in base64, too', () => {
    fc.assert(
      fc.property(secret, (value) => {
        const bytes = Buffer.from(value);
        for (const text of [bytes.toString('hex'), bytes.toString('base64'), bytes.toString('base64url')]) {
          expect(holdsPartOf(text, `bk_token=${value}; other=1`)).toBe(true);
        }
      }),
    );
  });

  it.each(['x', 'xy', 'xyz', 'Q_', 'id:'])('holds a part of it in hex and in base64 behind %s', (before) => {
    fc.assert(
      fc.property(secret, (value) => {
        const bytes = Buffer.from(value);
        for (const encoded of [bytes.toString('hex'), bytes.toString('base64url')]) {
          expect(holdsPartOf(`${before}${encoded}`, `bk_token=${value}; other=1`)).toBe(true);
        }
      }),
    );
  });

  it('holds a part of what is escaped in the header that signs in', () => {
    const token = 'Zq3kQ9xT7mB2nV5cLw';
    const escaped = (start: string) =>
      token.replaceAll(/./g, (one) => `${start}${one.charCodeAt(0).toString(16)}`);
    for (const headers of [
      { 'x-bkapi-authorization': `{"bk_token":"${escaped('\\u00')}"}` },
      { cookie: `bk_token=${escaped('%')}` },
    ]) {
      expect(holdsPartOfSignIn(token, { headers })).toBe(true);
      expect(holdsPartOfSignIn(Buffer.from(token).toString('hex'), { headers })).toBe(true);
      expect(holdsPartOfSignIn('FailedHosts', { headers })).toBe(false);
    }
  });

  it('is compared with all that headers can have, however much of it there is', () => {
    const holds = (text: string, cookie: string) => holdsPartOfSignIn(text, { headers: { cookie } });
    const [before, after] = ['a='.padEnd(9000, 'b'), 'c='.padEnd(5000, 'd')];
    const cookie = `${before}; bk_token=Zq3kQ9xT7mB2nV5cLw; ${after}`;
    expect(holds('nightly-Zq3kQ9xT7mB2-of-the-week', cookie)).toBe(true);
    expect(holds(Buffer.from('.Zq3kQ9xT7mB2nV5cLw').toString('base64url'), cookie)).toBe(true);
    expect(holds('0123e567-e89b-12d3-a456-426614174000', cookie)).toBe(false);
  });

  it('holds none where it shares nothing', () => {
    const header = '{"bk_token":"Zq3kQ9xT7mB2nV5cLw"}';
    for (const text of ['FailedHosts', '0123e567-e89b-12d3-a456-426614174000', 'nightly', '']) {
      expect(holdsPartOf(text, header)).toBe(false);
    }
  });

  it('is looked for in all that may sign somebody in, and taken to hold some where that is too much', () => {
    const firstMessage = { Cookie: 'bk_ticket=Zq3kQ9xT7mB2', 'x-bk-tenant-id': 'FailedHosts', retries: 3 };
    const headers = { authorization: 'Bearer Hd8sYw4eJr6u', 'x-request-id': 'number-1' };
    const holds = (text: string, more = '') =>
      holdsPartOfSignIn(text, { headers, firstMessage: { ...firstMessage, AUTHORIZATION: more } });
    for (const text of ['Zq3kQ9xT7mB2', 'Hd8sYw4eJr6u']) expect(holds(text)).toBe(true);
    for (const text of ['FailedHosts', 'number-1']) expect(holds(text)).toBe(false);
    expect(holds('FailedHosts', 'x'.repeat(16_000))).toBe(false);
    expect(holds('FailedHosts', 'x'.repeat(16_384))).toBe(true);
  });

  it('is looked for in a first message whose names are gone through once', () => {
    let count = 0;
    const firstMessage = new Proxy<Record<string, unknown>>(
      { authorization: 'Bearer Hd8sYw4eJr6u' },
      {
        ownKeys: (target) => {
          count += 1;
          return Reflect.ownKeys(target);
        },
      },
    );
    for (let times = 0; times < 3; times += 1) {
      expect(holdsPartOfSignIn('Hd8sYw4eJr6u', { headers: {}, firstMessage })).toBe(true);
    }
    expect(count).toBe(1);
  });
});
