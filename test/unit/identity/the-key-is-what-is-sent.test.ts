import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Caller } from '../../../src/domain/caller.ts';
import { createIdentity } from '../../../src/identity/identity.ts';
import { createApigwV3FrontDoor } from '../../../src/upstream/front-door-apigw-v3.ts';
import { createEsbFrontDoor } from '../../../src/upstream/front-door-esb.ts';

const identity = createIdentity({ allowedOrigins: [], fingerprintKey: Buffer.alloc(32), guestProof: null });
const app = { appCode: 'my_app', appSecret: 'my_secret', basePath: '', scopeParameters: 'scope' } as const;
const frontDoors = [
  createApigwV3FrontDoor(app),
  createEsbFrontDoor({ ...app, credentialsIn: 'body' }),
  createEsbFrontDoor({ ...app, credentialsIn: 'header' }),
];

/** Few values each, of which some make the same text when they are put together: equal callers come often. */
const headers = fc.record({
  kind: fc.constantFrom('bk_token', 'bk_ticket', 'access_token'),
  value: fc.constantFrom('a', 'ab', 'a-b', 'a:b', 'A', 'aen'),
  tenant: fc.constantFrom(null, 'b', 'b-en', 'B', 'null', 'en'),
  language: fc.constantFrom(null, 'en', 'zh-cn'),
});

type Headers = typeof headers extends fc.Arbitrary<infer Value> ? Value : never;

function callerOf({ kind, value, tenant, language }: Headers): Caller {
  const rawHeaders = [
    ...['X-Bkapi-Authorization', JSON.stringify({ [kind]: value })],
    ...(tenant === null ? [] : ['X-Bk-Tenant-Id', tenant]),
    ...(language === null ? [] : ['Blueking-Language', language]),
  ];
  return identity.identify({ rawHeaders })!;
}

/** What bk-job gets of a caller, byte by byte. */
function sent(caller: Caller): readonly string[] {
  const job = { scope: { kind: 'biz', id: '2' }, jobInstanceId: '1' } as const;
  return frontDoors.map((frontDoor) =>
    JSON.stringify(frontDoor.jobInstanceStatusRequest(caller, job, { hostDetail: true })),
  );
}

it('two callers have the same fingerprint exactly where bk-job gets the same of them, through every front door', () => {
  fc.assert(
    fc.property(headers, headers, (one, other) => {
      const [caller, another] = [callerOf(one), callerOf(other)];
      const isSame = caller.fingerprint === another.fingerprint;
      expect(sent(caller).map((text, door) => text === sent(another)[door])).toEqual([
        isSame,
        isSame,
        isSame,
      ]);
    }),
    { numRuns: 2000 },
  );
});
