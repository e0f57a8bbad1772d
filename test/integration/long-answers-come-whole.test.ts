import { expect, it } from 'vitest';
import { startTestService } from '../support/start-test-service.ts';

const fields = 'id ip status phase startTime';
const job = 'scope: {bkBizId: 2}, jobInstanceId: 20000000009';

/** From the second time on all but the last are written from bk-job's bytes. */
const queries = {
  list: `{ job: jobInstance(${job}) { ipResults { ${fields} } } }`,
  node: `{ job: node(id: "biz:2:20000000009") { ... on JobInstance { ipResults { ${fields} } } } }`,
  entities: `{ job: _entities(representations: [{__typename: "JobInstance", id: "biz:2:20000000009"}]) { ... on JobInstance { ipResults { ${fields} } } } }`,
  besideAFailure: `{ job: jobInstance(${job}) { ipResults { ${fields} } } bad: jobInstance(scope: {bkBizId: 2}, jobInstanceId: "abc") { name } }`,
};

it('of 10,000 hosts, the same by whichever way, beside failures too', async () => {
  await using service = await startTestService();
  const { body: first } = await service.query(queries.list);
  const hosts = (first.data?.['job'] as { ipResults: readonly unknown[] }).ipResults;
  expect(hosts).toHaveLength(10_000);
  expect(hosts[9_999]).toMatchObject({ ip: expect.stringMatching(/^10\./), phase: expect.any(String) });
  for (const _time of [1, 2]) {
    const [again, node, entities, beside] = await Promise.all(
      [queries.list, queries.node, queries.entities, queries.besideAFailure].map((query) =>
        service.query(query),
      ),
    );
    expect(again!.body).toEqual({ data: { job: { ipResults: hosts } } });
    expect(node!.body).toEqual({ data: { job: { ipResults: hosts } } });
    expect(entities!.body).toEqual({ data: { job: [{ ipResults: hosts }] } });
    expect(beside!.body).toMatchObject({ data: { bad: null }, errors: [{ path: ['bad'] }] });
    expect((beside!.body.data?.['job'] as { ipResults: unknown }).ipResults).toEqual(hosts);
  }
});
