import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startTestService, type TestService } from '../support/start-test-service.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService({
    environment: { BKJOB_GQL__DEMAND_CONTROL__MAX: '1021', BKJOB_GQL__LIMITS__PARSER_MAX_TOKENS: '100' },
  });
});
beforeEach(() => {
  service.simulator.calls.clear();
});
afterAll(() => service[Symbol.asyncDispose]());

const hosts = (limit: string, variables = '') =>
  `query ${variables} { jobInstance(scope: {bkBizId: 2}, jobInstanceId: 20000000004) { ipResults(limit: ${limit}) { ip } } }`;

it('an operation that costs as much as one may is answered', async () => {
  const { status, body } = await service.query(hosts('1000'));
  expect(status).toBe(200);
  expect(body.errors).toBeUndefined();
});

it.each([
  [hosts('1001'), {}],
  [hosts('$n', '($n: Int)'), { n: 1001 }],
])(
  'one that costs more is refused with its price before anything is read: %s, %j',
  async (document, variables) => {
    const { status, body } = await service.query(document, { variables });
    expect(status).toBe(400);
    expect(body.data).toBeUndefined();
    expect(body.errors).toEqual([
      {
        message: 'The request costs 1022, and one may cost 1021.',
        extensions: { code: 'OPERATION_TOO_COMPLEX', retryable: false, cost: 1022, maxCost: 1021 },
      },
    ]);
    expect(service.simulator.calls.all()).toEqual([]);
  },
);

it('a document of too many tokens is not even parsed', async () => {
  const { status, body } = await service.query(`{ ${'__typename '.repeat(200)} }`);
  expect(status).toBe(400);
  expect(body.errors).toMatchObject([{ extensions: { code: 'GRAPHQL_PARSE_FAILED' } }]);
});

it('fragments that double and double again are refused in no time, also from nobody', async () => {
  const wide = await startTestService();
  const fragments = Array.from(
    { length: 60 },
    (_, index) => `fragment F${String(index)} on Query { ...F${String(index + 1)} ...F${String(index + 1)} }`,
  );
  const bomb = (leaf: string) => `{ ...F0 } ${fragments.join(' ')} fragment F60 on Query { ${leaf} }`;
  const open = await wide.query(bomb('__typename'), { token: null });
  expect(open.status).toBe(200);
  const dear = await wide.query(bomb('jobInstance(scope: {bkBizId: 2}, jobInstanceId: 1) { name }'));
  expect(dear.body.errors).toMatchObject([{ extensions: { code: 'OPERATION_TOO_COMPLEX' } }]);
  expect(wide.simulator.calls.all()).toEqual([]);
  await wide[Symbol.asyncDispose]();
});
