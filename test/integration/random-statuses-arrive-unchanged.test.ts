import fc from 'fast-check';
import { parse } from 'lossless-json';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { arbitraryStatus } from '../support/arbitrary-status.ts';
import { expectedJobInstance, jobOperation } from '../support/expected-answer.ts';
import { startTestService, type TestService } from '../support/start-test-service.ts';

const asked = { scopeType: 'biz', scopeId: '2', jobInstanceId: '9007199254740993' } as const;

describe.each(['apigw-v3', 'esb'] as const)('through %s', (frontDoor) => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService({ frontDoor });
  });
  afterAll(() => service[Symbol.asyncDispose]());

  it('200 random statuses with null and absent members arrive field by field as they were sent', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryStatus(asked.jobInstanceId), async (data) => {
        service.simulator.faults.clear();
        service.simulator.faults.inject({
          fault: {
            kind: 'sample',
            status: 200,
            headers: { 'content-type': 'application/json' },
            body: `{"code":0,"result":true,"job_request_id":"5f3c1d0a9b7e4c62a1d8e0f47b926c13","data":${data}}`,
          },
        });
        const { body } = await service.query(jobOperation, {
          variables: { scope: { bkBizId: asked.scopeId }, job: asked.jobInstanceId, hosts: true },
        });
        expect(body.errors).toBeUndefined();
        expect(body.data).toEqual({
          jobInstance: expectedJobInstance(parse(data) as Readonly<Record<string, unknown>>, asked, true),
        });
      }),
      { numRuns: 200, endOnFailure: true },
    );
  });
});
