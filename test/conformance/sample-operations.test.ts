import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestService, type TestService } from '../support/start-test-service.ts';

interface Sample {
  readonly name: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  /** Status reads that the operation costs: with hosts or without, one entry a read. */
  readonly reads: readonly boolean[];
}

/** The operations of the design, in sample-operations.graphql, each with what it may cost. */
const samples: readonly Sample[] = [
  { name: 'Status', reads: [true] },
  { name: 'Gate', variables: { biz: 1, job: 100 }, reads: [false] },
  { name: 'Failed', reads: [true] },
  { name: 'Why', variables: { scope: { bkBizId: 1 }, job: 100 }, reads: [true] },
  { name: 'Tags', reads: [true] },
  { name: 'Page', variables: { job: '20000000030', after: null }, reads: [true] },
  { name: 'Many', reads: [false, false] },
];

const document = readFileSync(new URL('../fixtures/sample-operations.graphql', import.meta.url), 'utf8');

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service[Symbol.asyncDispose]());

it.each(samples)(
  '$name answers and costs no more than it has to',
  async ({ name, variables = {}, reads }) => {
    service.simulator.calls.clear();
    const { status, body } = await service.query(document, { operationName: name, variables });
    expect(status).toBe(200);
    expect(body.errors).toBeUndefined();
    expect(Object.values(body.data ?? {})).not.toContain(null);
    expect(service.simulator.calls.all().map((call) => call.returnIpResult)).toEqual(reads);
  },
);

it('each of the operations is tried', () => {
  const names = [...document.matchAll(/^query (\w+)/gm)].map(([, name]) => name);
  expect(names).toEqual(samples.map(({ name }) => name));
});

it('the original document is answered field by field', async () => {
  const { body } = await service.query(document, { operationName: 'Status' });
  expect(body.data).toEqual({
    jobInstance: {
      finished: true,
      jobInstanceId: '100',
      bkBizId: '1',
      name: 'API Quick execution script1521089795887',
      createTime: '2020-11-11T03:11:11.000Z',
      status: 'FAILED',
      startTime: '2020-11-11T03:11:11.000Z',
      endTime: '2020-11-11T03:11:12.000Z',
      totalTime: 1000,
      steps: [
        {
          stepInstanceId: '75',
          type: 'SCRIPT',
          name: 'API Quick execution scriptxxx',
          status: 'FAILED',
          createTime: '2020-11-11T03:11:11.000Z',
          startTime: '2020-11-11T03:11:11.000Z',
          endTime: '2020-11-11T03:11:12.000Z',
          totalTime: 1000,
          executeCount: 0,
          ipResults: [
            {
              ip: '10.0.0.1',
              bkCloudId: '0',
              status: 'SUCCEEDED',
              tag: '',
              exitCode: 0,
              errorCode: 0,
              startTime: '2020-11-11T03:11:11.000Z',
              endTime: '2020-11-11T03:11:12.000Z',
              totalTime: 1000,
            },
          ],
        },
      ],
    },
  });
});
