import { afterEach, describe, expect, it } from 'vitest';
import { startApolloGateway } from '../../../examples/supergraph/apollo-gateway.ts';
import { cmdbHostName } from '../../../examples/supergraph/cmdb-subgraph.ts';
import { startHiveGateway } from '../../../examples/supergraph/hive-gateway.ts';
import { startSupergraph, type Supergraph } from '../../support/start-supergraph.ts';

const deployments = new Map([
  ['first', { bkBizId: '2', jobInstanceId: '20000000004' }],
  ['second', { bkBizId: '2', jobInstanceId: '20000000011' }],
  ['again', { bkBizId: '2', jobInstanceId: '20000000004' }],
  ['lost', { bkBizId: '2', jobInstanceId: '20000000999' }],
]);

const credentials = (token: string) => ({ 'x-bkapi-authorization': JSON.stringify({ bk_token: token }) });

const gateways = { '@apollo/gateway': startApolloGateway, '@graphql-hive/gateway-runtime': startHiveGateway };

describe.each(Object.entries(gateways))('through %s', (_package, startGateway) => {
  let supergraph: Supergraph | undefined;
  afterEach(async () => {
    await supergraph?.[Symbol.asyncDispose]();
    supergraph = undefined;
  });

  it('a job is joined with the names of its failed hosts in one query', async () => {
    supergraph = await startSupergraph({ startGateway, deployments });
    const { data, errors } = await supergraph.query({
      document: `query ($job: ID!) {
        jobInstance(scope: {bkBizId: "2"}, jobInstanceId: $job) {
          name
          ipResults(phase: FAILED, orderBy: HOST_ASC) { bkHostId host { name os } }
        }
      }`,
      variables: { job: '20000000004' },
      headers: credentials('alice'),
    });
    expect(errors).toBeUndefined();
    const { ipResults } = data?.['jobInstance'] as { ipResults: { bkHostId: string; host: object }[] };
    expect(ipResults.length).toBeGreaterThan(1);
    for (const { bkHostId, host } of ipResults)
      expect(host).toEqual({ name: cmdbHostName(bkHostId), os: 'linux' });
    expect(supergraph.cmdb.hostBatches).toHaveLength(1);
    const calls = supergraph.simulator.calls.all();
    expect(calls.every(({ user, returnIpResult }) => user === 'alice' && returnIpResult)).toBe(true);
  });

  it('hosts have their own names, in whatever order bk-job sends them each time', async () => {
    supergraph = await startSupergraph({ startGateway, shuffleHosts: true });
    const { data, errors } = await supergraph.query({
      document: `{
        jobInstance(scope: {bkBizId: "2"}, jobInstanceId: "20000000004") {
          ipResults { bkHostId host { bkHostId name } }
        }
      }`,
      headers: credentials('alice'),
    });
    expect(errors).toBeUndefined();
    const { ipResults } = data?.['jobInstance'] as { ipResults: { bkHostId: string; host: object }[] };
    expect(ipResults.map(({ host }) => host)).toEqual(
      ipResults.map(({ bkHostId }) => ({ bkHostId, name: cmdbHostName(bkHostId) })),
    );
  });

  it('jobs that another subgraph points at are read once each, whatever the number of references', async () => {
    supergraph = await startSupergraph({ startGateway, deployments });
    const { data, errors = [] } = await supergraph.query({
      document:
        '{ deployments(ids: ["first", "second", "again", "lost"]) { id job { jobInstanceId name phase finished } } }',
      headers: credentials('alice'),
    });
    expect(data?.['deployments']).toMatchObject([
      { id: 'first', job: { jobInstanceId: '20000000004', phase: 'FAILED', finished: true } },
      { id: 'second', job: { jobInstanceId: '20000000011', phase: 'SUCCEEDED', finished: true } },
      { id: 'again', job: { jobInstanceId: '20000000004', phase: 'FAILED', finished: true } },
      { id: 'lost' },
    ]);
    expect(errors.map(({ extensions }) => extensions['code'])).toEqual(['NOT_FOUND']);
    const calls = supergraph.simulator.calls.all();
    expect(calls.map(({ jobInstanceId }) => jobInstanceId).sort()).toEqual([
      '20000000004',
      '20000000011',
      '20000000999',
    ]);
    expect(calls.map(({ returnIpResult }) => returnIpResult)).toEqual([false, false, false]);
  });

  it('a thousand references to jobs are one read for each of the jobs', async () => {
    const jobs = Array.from({ length: 20 }, (_, index) => String(20_000_001_001 + index));
    const ids = Array.from({ length: 1000 }, (_, index) => `deployment ${String(index)}`);
    const many = new Map(
      ids.map((id, index) => [id, { bkBizId: '2', jobInstanceId: jobs[index % jobs.length]! }]),
    );
    supergraph = await startSupergraph({ startGateway, deployments: many });
    const { data, errors } = await supergraph.query({
      document: 'query ($ids: [ID!]!) { deployments(ids: $ids) { job { jobInstanceId phase } } }',
      variables: { ids },
      headers: credentials('alice'),
    });
    expect(errors).toBeUndefined();
    const found = data?.['deployments'] as { job: { jobInstanceId: string; phase: string } }[];
    expect(found.map(({ job }) => job.jobInstanceId)).toEqual(ids.map((id) => many.get(id)!.jobInstanceId));
    const read = supergraph.simulator.calls.all().map(({ jobInstanceId }) => jobInstanceId);
    expect(read.toSorted()).toEqual(jobs);
  });

  it('a step is entered by its global id, hosts and all', async () => {
    supergraph = await startSupergraph({ startGateway, deployments });
    const { data, errors } = await supergraph.query({
      document: '{ alarm(step: "biz:1:100:75") { step { name ipResults { ip host { name } } } } }',
      headers: credentials('alice'),
    });
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      alarm: {
        step: {
          name: 'API Quick execution scriptxxx',
          ipResults: [{ ip: '10.0.0.1', host: { name: cmdbHostName('101') } }],
        },
      },
    });
  });

  it('each client is answered as itself', async () => {
    supergraph = await startSupergraph({ startGateway, deployments });
    const document = '{ jobInstance(scope: {bkBizId: "2"}, jobInstanceId: "20000000004") { name } }';
    const [alice, bob] = await Promise.all(
      ['alice', 'bob'].map((user) => supergraph!.query({ document, headers: credentials(user) })),
    );
    expect(alice?.data?.['jobInstance']).not.toBeNull();
    expect(bob?.data?.['jobInstance']).toBeNull();
    expect(bob?.errors?.map(({ extensions }) => extensions['code'])).toEqual(['PERMISSION_DENIED']);
  });

  it('a gateway that forwards no headers asks for nobody, and gets nothing', async () => {
    supergraph = await startSupergraph({ startGateway, forward: [] });
    const { data, errors } = await supergraph.query({
      document: '{ jobInstance(scope: {bkBizId: "2"}, jobInstanceId: "20000000004") { name } }',
      headers: credentials('alice'),
    });
    expect(data?.['jobInstance'] ?? null).toBeNull();
    expect(JSON.stringify(errors)).toContain('UNAUTHENTICATED');
    expect(supergraph.simulator.calls.all()).toEqual([]);
  });
});
