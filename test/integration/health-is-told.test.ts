import { expect, it } from 'vitest';
import { startTestService } from '../support/start-test-service.ts';

it.each([{}, { BKJOB_GQL__HEALTH_CHECK__PATH: '/healthz', NODE_ENV: 'production' }])(
  'the service says that it lives and is ready, to anybody, without asking bk-job: %j',
  async (environment) => {
    await using service = await startTestService({ environment });
    service.simulator.faults.inject({ fault: { kind: 'reset' } });
    for (const query of ['', '?live', '?ready']) {
      const response = await fetch(`${service.healthUrl}${query}`);
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual({ status: 'UP' });
      expect(response.headers.get('cache-control')).toBe('private, no-store');
    }
    expect(service.simulator.calls.all()).toEqual([]);
  },
);

it('a service that is told to end is not ready, and alive', async () => {
  await using service = await startTestService();
  service.stopBeingReady();
  const ready = await fetch(`${service.healthUrl}?ready`);
  expect(ready.status).toBe(503);
  expect(await ready.json()).toEqual({ status: 'DOWN' });
  expect((await fetch(service.healthUrl)).status).toBe(200);
  expect((await service.query('{ __typename }')).status).toBe(200);
});
