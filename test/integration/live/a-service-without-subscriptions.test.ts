import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestService, type TestService } from '../../support/start-test-service.ts';

const subscription =
  'subscription { jobInstanceUpdated(scope: {bkBizId: "2"}, jobInstanceId: "20000000011") { phase } }';

let service: TestService;
beforeAll(async () => {
  service = await startTestService({ environment: { BKJOB_GQL__SUBSCRIPTION__ENABLED: 'off' } });
});
afterAll(() => service[Symbol.asyncDispose]());

it('has none in its schema, so that no gateway offers them', async () => {
  const { body } = await service.query('{ __schema { subscriptionType { name } } _service { sdl } }');
  expect(body.errors).toBeUndefined();
  expect(body.data?.['__schema']).toEqual({ subscriptionType: null });
  const sdl = JSON.stringify(body.data);
  expect(sdl).not.toContain('jobInstanceUpdated');
  expect(sdl).toContain('waitForJobInstance');
});

it('says that it answers no subscription, and names no stream that it does not have', async () => {
  const { status, body } = await service.query(subscription);
  expect(status).toBe(400);
  expect(body.errors).toMatchObject([
    { message: 'This service answers no subscription.', extensions: { code: 'BAD_USER_INPUT' } },
  ]);
});

it('has no page that would follow a job in vain', async () => {
  expect((await fetch(new URL('/watch', service.graphqlUrl))).status).toBe(404);
});
