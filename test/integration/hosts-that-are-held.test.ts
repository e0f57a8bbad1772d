import { expect, it } from 'vitest';
import { startTestService } from '../support/start-test-service.ts';

const jobs = (...ids: readonly string[]) =>
  `{ jobInstancesById(scope: {bkBizId: 2}, jobInstanceIds: [${ids.join()}]) { jobInstance { name ipResultSummary { total } } } }`;
const [small, large] = ['20000000004', '20000000009'];

/** Room for one job at a time, and reads one after another, so that the first one asked for has it. */
const environment = {
  BKJOB_GQL__UPSTREAM__MAX_HELD_HOST_BYTES: '1KiB',
  BKJOB_GQL__UPSTREAM__MAX_PARALLEL_READS: '1',
};

it('are refused beyond their room, the same each time, and take none from operations that come later', async () => {
  await using service = await startTestService({ environment });
  // The first time graphql-js answers, and the second time the fast way is tried.
  for (let time = 0; time < 3; time += 1) {
    const { body } = await service.query(jobs(large, small));
    expect(body.data).toMatchObject({
      jobInstancesById: [
        { jobInstance: { ipResultSummary: { total: 10_000 } } },
        { jobInstance: { name: 'deploy order-service 2.8.1', ipResultSummary: null } },
      ],
    });
    expect(body.errors).toMatchObject([
      {
        path: ['jobInstancesById', 1, 'jobInstance', 'ipResultSummary'],
        extensions: { code: 'OPERATION_TOO_COMPLEX' },
      },
    ]);
  }
  for (const id of [small, large, small, large]) {
    const { body } = await service.query(jobs(id));
    expect(body.errors).toBeUndefined();
  }
  const page = await service.telemetry.metricsPage();
  expect(page).toMatch(/^bkjob_gql_held_hosts_refused_total 3$/m);
  expect(page).toMatch(/^bkjob_gql_held_host_bytes 0$/m);
});
