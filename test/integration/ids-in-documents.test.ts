import { expect, it } from 'vitest';
import { startTestService } from '../support/start-test-service.ts';

const statusOf = (id: string): string => `query Status {
  jobInstance(scope: {bkBizId: "2"}, jobInstanceId: "${id}") { jobInstanceId name }
  ${' '.repeat(id.length)}missing: jobInstance(scope: {bkBizId: "2"}, jobInstanceId: "9${id}") { name }
}`;

it('documents that differ in ids alone are read once, and each is answered and blamed as itself', async () => {
  await using service = await startTestService();
  const ids = ['20000000004', '20000000009', '20000001001', '20000001002'];
  for (const id of ids) {
    const { body } = await service.query(statusOf(id));
    const line = statusOf(id).split('\n')[2]!;
    expect(body.data).toMatchObject({ jobInstance: { jobInstanceId: id }, missing: null });
    expect(body.errors).toMatchObject([
      {
        path: ['missing'],
        locations: [{ line: 3, column: line.indexOf('missing') + 1 }],
        extensions: { code: 'NOT_FOUND' },
      },
    ]);
  }
  expect(service.simulator.calls.all()).toHaveLength(2 * ids.length);
  const metrics = await (await fetch(service.metricsUrl)).text();
  // Twice: the text as it came first, and the one that all others share.
  expect(metrics).toContain('bkjob_gql_document_store_lookups_total{result="miss"} 2\n');
});
