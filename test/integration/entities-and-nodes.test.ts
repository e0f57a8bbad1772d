import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestService, type TestService } from '../support/start-test-service.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
beforeEach(() => {
  service.simulator.calls.clear();
});
afterAll(() => service[Symbol.asyncDispose]());

const calls = () =>
  service.simulator.calls.all().map(({ jobInstanceId, returnIpResult }) => [jobInstanceId, returnIpResult]);

const nodeQuery = `query ($id: ID!) { node(id: $id) {
  __typename id
  ... on JobInstance { jobInstanceId }
  ... on StepInstance { stepInstanceId jobInstance { jobInstanceId } }
  ... on StepIpResult { ip step { stepInstanceId } }
} }`;

describe('a node', () => {
  it.each([
    ['biz:1:100', { __typename: 'JobInstance', jobInstanceId: '100' }, false],
    [
      'biz:1:100:75',
      { __typename: 'StepInstance', stepInstanceId: '75', jobInstance: { jobInstanceId: '100' } },
      false,
    ],
    [
      'biz:1:100:75:101',
      { __typename: 'StepIpResult', ip: '10.0.0.1', step: { stepInstanceId: '75' } },
      true,
    ],
    ['biz_set:9:20000000030', { __typename: 'JobInstance', jobInstanceId: '20000000030' }, false],
  ])('%s is found by one read', async (id, node, withHosts) => {
    const { body } = await service.query(nodeQuery, { variables: { id } });
    expect(body).toEqual({ data: { node: { id, ...node } } });
    expect(calls()).toEqual([[id.split(':')[2], withHosts]]);
  });

  it.each(['nothing', 'biz:1', 'biz:1:100:75:', 'plan:1:100'])(
    '%s is null without an error, unread',
    async (id) => {
      const { body } = await service.query(nodeQuery, { variables: { id } });
      expect(body).toEqual({ data: { node: null } });
      expect(calls()).toEqual([]);
    },
  );

  it.each(['biz:1:101', 'biz:1:100:76', 'biz:1:100:75:102', 'biz:1:100:75:101~1'])(
    '%s, which nothing has, is null without an error',
    async (id) => {
      const { body } = await service.query(nodeQuery, { variables: { id } });
      expect(body).toEqual({ data: { node: null } });
    },
  );

  it('that may not be seen is null with an error', async () => {
    const { body } = await service.query(nodeQuery, { variables: { id: 'biz:2:20000000004' }, token: 'bob' });
    expect(body.data).toEqual({ node: null });
    expect(body.errors).toMatchObject([{ path: ['node'], extensions: { code: 'PERMISSION_DENIED' } }]);
  });

  it('whose hosts cannot be read is null with an error', async () => {
    const { body } = await service.query(nodeQuery, {
      variables: { id: 'biz:2:20000000021:200000000211:101' },
    });
    expect(body.data).toEqual({ node: null });
    expect(body.errors).toHaveLength(1);
  });

  it('is every host of a job that has hosts twice, each by its own id', async () => {
    const { body } = await service.query(
      '{ jobInstance(scope: {bkBizId: 2}, jobInstanceId: 20000000007) { ipResults { id ip startTime } } }',
    );
    const { ipResults } = body.data?.['jobInstance'] as { ipResults: { id: string }[] };
    expect(new Set(ipResults.map(({ id }) => id)).size).toBe(ipResults.length);
    const fields = ipResults.map(
      ({ id }, index) => `n${String(index)}: node(id: "${id}") { ... on StepIpResult { id ip startTime } }`,
    );
    const { body: again } = await service.query(`{ ${fields.join(' ')} }`);
    expect(Object.values(again.data ?? {})).toEqual(ipResults);
  });
});

const entitiesQuery = `query ($references: [_Any!]!) { _entities(representations: $references) {
  ... on JobInstance { jobInstanceId phase }
  ... on StepInstance { stepInstanceId name }
  ... on StepIpResult { ip }
} }`;

describe('references of a gateway', () => {
  it('are found or fail each at its own place', async () => {
    const { body } = await service.query(entitiesQuery, {
      variables: {
        references: [
          { __typename: 'JobInstance', id: 'biz:2:20000000011' },
          { __typename: 'JobInstance', bkBizId: '2', jobInstanceId: '20000000999' },
          { __typename: 'JobInstance', bkBizId: null, jobInstanceId: '20000000011' },
          { __typename: 'StepInstance', bkBizId: 1, jobInstanceId: 100, stepInstanceId: 75 },
          { __typename: 'StepInstance', bkBizId: '1', jobInstanceId: '100' },
          { __typename: 'StepInstance', id: 'biz:1:100' },
          { __typename: 'StepIpResult', id: 'biz:1:100:75:101' },
          { __typename: 'StepIpResult' },
          { __typename: 'Host', bkHostId: '101' },
          { __typename: 'JobInstance', bkBizId: 9007199254740993, jobInstanceId: '1' },
          {},
        ],
      },
    });
    expect(body.data).toEqual({
      _entities: [
        { jobInstanceId: '20000000011', phase: 'SUCCEEDED' },
        null,
        null,
        { stepInstanceId: '75', name: 'API Quick execution scriptxxx' },
        null,
        null,
        { ip: '10.0.0.1' },
        null,
        null,
        null,
        null,
      ],
    });
    const failures = body.errors!.map(({ path, extensions }) => [path?.[1], extensions['code']]);
    expect(failures.sort()).toEqual(
      [
        [1, 'NOT_FOUND'],
        [9, 'NOT_FOUND'],
        ...[2, 4, 5, 7, 8, 10].map((place) => [place, 'BAD_USER_INPUT']),
      ].sort(),
    );
  });

  it('are a thousand at most, all fields of an operation together, and nothing is read for more', async () => {
    const references = (count: number, first: number) =>
      Array.from({ length: count }, (_, at) => ({
        __typename: 'JobInstance',
        id: `biz:2:${String(first + at)}`,
      }));
    const document = `query ($a: [_Any!]!, $b: [_Any!]!) {
      ... on Query { a: _entities(representations: $a) { __typename } }
      b: _entities(representations: $b) { __typename }
    }`;
    const refused = await service.query(document, {
      variables: { a: references(1000, 1), b: references(1, 1001) },
    });
    expect(refused).toMatchObject({
      status: 200,
      body: { data: null, errors: [{ path: ['b'], extensions: { code: 'BAD_USER_INPUT' } }] },
    });
    expect(service.simulator.calls.all()).toEqual([]);
    const answered = await service.query(document, {
      variables: { a: references(6, 1), b: references(4, 7) },
    });
    expect(answered.body.data).toEqual({ a: Array(6).fill(null), b: Array(4).fill(null) });
    expect(service.simulator.calls.all().length).toBe(10);
  });

  it('are read by their keys alone, whatever else stands in them, and as whoever asks', async () => {
    const forged = { name: 'forged', phase: 'SUCCEEDED', bk_username: 'admin', bkToken: 'alice' };
    const reference = { __typename: 'JobInstance', id: 'biz:2:20000000004', ...forged };
    const { body } = await service.query(
      'query ($references: [_Any!]!) { _entities(representations: $references) { ... on JobInstance { name phase } } }',
      { variables: { references: [reference] } },
    );
    expect(body.data).toEqual({ _entities: [{ name: 'deploy order-service 2.8.1', phase: 'FAILED' }] });
    const denied = await service.query(entitiesQuery, {
      token: 'carol',
      variables: { references: [reference] },
    });
    expect(denied.body.data).toEqual({ _entities: [null] });
    expect(denied.body.errors).toMatchObject([{ extensions: { code: 'PERMISSION_DENIED' } }]);
  });

  it('by the thousand are one read for each distinct job', async () => {
    const references = Array.from({ length: 1_000 }, (_, index) => ({
      __typename: 'JobInstance',
      bkBizId: '2',
      jobInstanceId: index % 3 === 0 ? '20000000011' : '20000000004',
    }));
    const { body } = await service.query(entitiesQuery, { variables: { references } });
    expect(body.errors).toBeUndefined();
    expect(calls().sort()).toEqual([
      ['20000000004', false],
      ['20000000011', false],
    ]);
  });

  it('beyond a thousand are refused whole', async () => {
    const references = Array.from({ length: 1_001 }, () => ({ __typename: 'JobInstance', id: 'biz:1:100' }));
    const { body } = await service.query(entitiesQuery, { variables: { references } });
    expect(body.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(calls()).toEqual([]);
  });

  it('of one job with and without hosts are one read with hosts', async () => {
    const references = [
      { __typename: 'JobInstance', id: 'biz:1:100' },
      { __typename: 'StepIpResult', id: 'biz:1:100:75:101' },
    ];
    await service.query(entitiesQuery, { variables: { references } });
    expect(calls()).toEqual([['100', true]]);
  });
});

describe('a schema without node', () => {
  it('has no Query.node and answers references all the same', async () => {
    await using other = await startTestService({ environment: { BKJOB_GQL__SCHEMA__NODE: 'false' } });
    const { status } = await other.query(nodeQuery, { variables: { id: 'biz:1:100' } });
    expect(status).toBe(400);
    const { body } = await other.query('{ __type(name: "Node") { name } _service { sdl } }');
    expect(body.data?.['__type']).toBeNull();
    expect(JSON.stringify(body.data)).not.toContain('interface Node');
    const references = [{ __typename: 'JobInstance', id: 'biz:1:100' }];
    const { body: found } = await other.query(entitiesQuery, { variables: { references } });
    expect(found.data).toMatchObject({ _entities: [{ jobInstanceId: '100' }] });
  });
});
