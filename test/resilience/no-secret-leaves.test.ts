import { describe, expect, it } from 'vitest';
import { planted, type Planted } from '../support/secrets/planted.ts';
import { createSecretScan } from '../support/secrets/secret-scan.ts';
import { runSecretTrial } from '../support/secrets/secret-trial.ts';

it('no secret is in a log, a metric, a trace, an answer or an address, whatever clients and bk-job do', async () => {
  const { findings, looked, requests, told } = await runSecretTrial();
  expect(findings).toEqual([]);
  expect(requests).toBeGreaterThan(300);
  expect(told).toBeGreaterThan(50);
  expect(looked).toBeGreaterThan(300_000);
});

const base64 = (text: string) => Buffer.from(text).toString('base64');
const { token, ticket, appSecret, accessToken } = planted;

/** Leaks as they would look in output. */
const leaks: readonly (readonly [string, Planted, string])[] = [
  ['as it is', 'token', `{"level":30,"token":"x","raw":${token}}`],
  ['its beginning', 'ticket', `ticket ${ticket.slice(0, 12)}… was refused`],
  ['its middle', 'accessToken', `[secret]${accessToken.slice(7, 19)}[secret]`],
  ['its end in an address', 'appSecret', `[secret]${encodeURIComponent(appSecret.slice(-12))}`],
  ['in JSON in base64', 'token', base64(JSON.stringify({ msg: token })).slice(12)],
  ['in an address', 'token', `GET /api?bk_token=${encodeURIComponent(token)} HTTP/1.1`],
  [
    'in an address, small letters',
    'appSecret',
    encodeURIComponent(appSecret).replaceAll(/%../g, (code) => code.toLowerCase()),
  ],
  ['in a line of JSON', 'token', JSON.stringify({ msg: token })],
  [
    'in a header in a line of JSON',
    'appSecret',
    JSON.stringify({ msg: JSON.stringify({ bk_app_secret: appSecret }) }),
  ],
  ['in base64', 'accessToken', base64(accessToken)],
  ['in base64 of basic authentication', 'accessToken', `Basic ${base64(`u:${accessToken}`)}`],
  ['in base64 of a header', 'ticket', base64(JSON.stringify({ bk_ticket: ticket }))],
  ['in base64 for addresses', 'appSecret', Buffer.from(`ab${appSecret}`).toString('base64url')],
  ['in hex', 'token', Buffer.from(token).toString('hex')],
  ['in capital hex', 'token', `0x${Buffer.from(token).toString('hex').toUpperCase()}`],
  [
    'in escapes of JSON',
    'ticket',
    ticket.replaceAll(/./g, (one) => `\\u00${one.charCodeAt(0).toString(16)}`),
  ],
  ['in a label of a metric', 'accessToken', `requests_total{caller="${accessToken}"} 1`],
];

describe('the scan', () => {
  it.each(leaks)('finds a secret %s', (_how, secret, text) => {
    const scan = createSecretScan(planted);
    scan.look('log', `before ${text} after`);
    expect(new Set(scan.findings.map((finding) => finding.secret))).toEqual(new Set([secret]));
  });

  it('finds none where there is none, and tells nothing of what it found', () => {
    const scan = createSecretScan(planted);
    scan.look('log', JSON.stringify({ caller: 'kQ3xbQ', code: 'UNAUTHENTICATED', msg: 'bk_token=[secret]' }));
    expect(scan.findings).toEqual([]);
    scan.look('log', token);
    expect(JSON.stringify(scan.findings)).not.toContain(token.slice(0, 4));
  });
});
