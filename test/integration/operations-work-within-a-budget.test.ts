import { expect, it } from 'vitest';
import { startTestService } from '../support/start-test-service.ts';

const manyHosts = (selection: string) =>
  `{ jobInstance(scope: {bkBizId: 2}, jobInstanceId: 20000000009) { ${selection} } }`;

it('all that bk-job says of ten thousand hosts is within it', async () => {
  await using service = await startTestService();
  const { body } = await service.query(
    manyHosts('steps { ipResults { id ip status exitCode } ipResultSummary { total } }'),
  );
  expect(body.errors).toBeUndefined();
});

it.each([
  'ipResults(limit: 400) { step { ipResultConnection { totalCount } } }',
  'ipResults(limit: 400) { step { ipResults(limit: 0, orderBy: TOTAL_TIME_DESC) { ip } } }',
  'ipResults(limit: 400) { step { ipResultGroups(by: [STATUS, TAG], limit: 1) { count } } }',
  'ipResults(limit: 400) { step { ipResultSummary { total } } }',
  `ipResults { ${Array.from({ length: 300 }, (_, index) => `a${String(index)}: ip`).join(' ')} }`,
  `ipResults { ${'a'.repeat(60_000)}: ip }`,
  Array.from({ length: 45 }, (_, index) => `a${String(index)}: ipResults { ip }`).join(' '),
])(
  'going through the same hosts hundreds of times is not, or telling the same of them: %.70s',
  async (selection) => {
    await using service = await startTestService();
    const { status, body } = await service.query(manyHosts(selection));
    expect(status).toBe(200);
    expect(body.errors![0]).toMatchObject({ extensions: { code: 'OPERATION_TOO_COMPLEX' } });
    const { body: next } = await service.query(manyHosts('ipResultSummary { total }'));
    expect(next.data).toEqual({ jobInstance: { ipResultSummary: { total: 10_000 } } });
  },
);

it('telling so much of the same jobs, as often as a document can ask for them, is not either', async () => {
  await using service = await startTestService();
  const many = (count: number, text: (index: string) => string) =>
    Array.from({ length: count }, (_, index) => text(String(index))).join(' ');
  const lookups = (leaves: string) =>
    `query($ids: [ID!]!) {
      ${many(30, (index) => `a${index}: jobInstancesById(scope: {bkBizId: 2}, jobInstanceIds: $ids) { ...F }`)}
    }
    fragment F on JobInstanceLookup { jobInstance { ${leaves} } }`;
  const ids = Array<string>(50).fill('20000000004');
  const { status, body } = await service.query(
    lookups(many(60, (index) => `${'x'.repeat(500)}${index}: phase`)),
    { variables: { ids } },
  );
  expect(status).toBe(200);
  expect(body.errors![0]).toMatchObject({ extensions: { code: 'OPERATION_TOO_COMPLEX' } });
  expect(JSON.stringify(body.data).length).toBeLessThan(40_000_000);
  const { body: next } = await service.query(lookups('phase'), { variables: { ids } });
  expect(next.errors).toBeUndefined();
});
