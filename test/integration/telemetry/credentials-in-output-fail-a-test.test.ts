import { describe, expect, it } from 'vitest';
import { startTestService } from '../../support/start-test-service.ts';
import { assertNoSecretIn } from '../../support/secrets/sent-secrets.ts';

const token = 'Rk4-vTq7/Wm2+Zx9';
const document = '{ jobInstance(scope: {bkBizId: "2"}, jobInstanceId: "20000000004") { name } }';

/** Ways in which a client can sign in, each with a secret of its own. */
const signIns = {
  'in the header of the platform': { 'x-bkapi-authorization': JSON.stringify({ bk_token: `${token}-1` }) },
  'in a cookie': { cookie: `a=b; bk_ticket=${encodeURIComponent(`${token}-2`)}` },
  'in a header that cannot be read': { 'x-bkapi-authorization': `{"access_token": "${token}-3"` },
} as const;

describe('a test whose service writes what somebody signed in with', () => {
  it.each(Object.entries(signIns))('fails when it ends: %s', async (_where, headers) => {
    const service = await startTestService();
    await service.query(document, { token: null, headers });
    const [secret = ''] = /Rk4-[^"]+/.exec(decodeURIComponent(Object.values(headers).join())) ?? [];
    // A fault after the request, of which nobody knows any more what it brought.
    service.telemetry.log.fault(new Error(`unexpected: ${Buffer.from(secret).toString('base64')}`));
    await expect(service[Symbol.asyncDispose]()).rejects.toThrow(
      'Credentials stand in output: log (base64 after 0)',
    );
  });

  it('fails for the secret of the service itself, and passes without either', async () => {
    const service = await startTestService();
    await service.query(document);
    await service[Symbol.asyncDispose]();
    expect(() => assertNoSecretIn({ metrics: 'a{b="my-app-s3cret"} 1' }, ['my-app-s3cret'])).toThrow(
      'metrics (raw)',
    );
  });
});
