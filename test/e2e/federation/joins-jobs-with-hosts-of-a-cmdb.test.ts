import { afterEach, describe, expect, it } from 'vitest';
import {
  cmdbHostName,
  cmdbSubgraphSdl,
  startCmdbSubgraph,
  type CmdbSubgraph,
} from '../../support/cmdb-subgraph.ts';
import { composers, jobSubgraphSdl } from '../../support/federation/composition.ts';
import {
  forwardedHeaders,
  gateways,
  type Gateway,
  type StartGateway,
} from '../../support/federation/gateways.ts';
import { startTestService, type TestService } from '../../support/start-test-service.ts';

const deployments = {
  first: { bkBizId: '2', jobInstanceId: '20000000004' },
  second: { bkBizId: '2', jobInstanceId: '20000000011' },
  again: { bkBizId: '2', jobInstanceId: '20000000004' },
  lost: { bkBizId: '2', jobInstanceId: '20000000999' },
};

const credentials = (token: string) => ({ 'x-bkapi-authorization': JSON.stringify({ bk_token: token }) });

interface Supergraph extends AsyncDisposable {
  readonly gateway: Gateway;
  readonly service: TestService;
  readonly cmdb: CmdbSubgraph;
}

async function startSupergraph(startGateway: StartGateway, forward = forwardedHeaders): Promise<Supergraph> {
  const stack = new AsyncDisposableStackOfTests();
  const service = stack.use(await startTestService());
  const cmdb = stack.use(await startCmdbSubgraph({ deployments }));
  const supergraphSdl = composers['@apollo/composition']([
    { name: 'jobs', url: service.graphqlUrl, sdl: jobSubgraphSdl({ node: true }) },
    { name: 'cmdb', url: cmdb.url, sdl: cmdbSubgraphSdl },
  ]);
  const gateway = stack.use(await startGateway({ supergraphSdl, forward }));
  return { gateway, service, cmdb, [Symbol.asyncDispose]: () => stack.disposeAll() };
}

/** Ends what was started, last first. */
class AsyncDisposableStackOfTests {
  readonly #started: AsyncDisposable[] = [];

  use<Started extends AsyncDisposable>(started: Started): Started {
    this.#started.push(started);
    return started;
  }

  async disposeAll(): Promise<void> {
    for (const started of this.#started.reverse()) await started[Symbol.asyncDispose]();
  }
}

describe.each(Object.entries(gateways))('through %s', (_package, startGateway) => {
  let supergraph: Supergraph | undefined;
  afterEach(async () => {
    await supergraph?.[Symbol.asyncDispose]();
    supergraph = undefined;
  });

  it('a job is joined with the names of its failed hosts in one query', async () => {
    supergraph = await startSupergraph(startGateway);
    const { data, errors } = await supergraph.gateway.query({
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
    const calls = supergraph.service.simulator.calls.all();
    expect(calls.every(({ user, returnIpResult }) => user === 'alice' && returnIpResult)).toBe(true);
  });

  it('jobs that another subgraph points at are read once each, whatever the number of references', async () => {
    supergraph = await startSupergraph(startGateway);
    const { data, errors = [] } = await supergraph.gateway.query({
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
    const calls = supergraph.service.simulator.calls.all();
    expect(calls.map(({ jobInstanceId }) => jobInstanceId).sort()).toEqual([
      '20000000004',
      '20000000011',
      '20000000999',
    ]);
    expect(calls.map(({ returnIpResult }) => returnIpResult)).toEqual([false, false, false]);
  });

  it('a step is entered by its global id, hosts and all', async () => {
    supergraph = await startSupergraph(startGateway);
    const { data, errors } = await supergraph.gateway.query({
      document: '{ stepByGlobalId(id: "biz:1:100:75") { step { name ipResults { ip host { name } } } } }',
      headers: credentials('alice'),
    });
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      stepByGlobalId: {
        step: {
          name: 'API Quick execution scriptxxx',
          ipResults: [{ ip: '10.0.0.1', host: { name: cmdbHostName('101') } }],
        },
      },
    });
  });

  it('each client is answered as itself', async () => {
    supergraph = await startSupergraph(startGateway);
    const document = '{ jobInstance(scope: {bkBizId: "2"}, jobInstanceId: "20000000004") { name } }';
    const [alice, bob] = await Promise.all(
      ['alice', 'bob'].map((user) => supergraph!.gateway.query({ document, headers: credentials(user) })),
    );
    expect(alice?.data?.['jobInstance']).not.toBeNull();
    expect(bob?.data?.['jobInstance']).toBeNull();
    expect(bob?.errors?.map(({ extensions }) => extensions['code'])).toEqual(['PERMISSION_DENIED']);
  });

  it('a gateway that forwards no headers asks for nobody, and gets nothing', async () => {
    supergraph = await startSupergraph(startGateway, []);
    const { data, errors } = await supergraph.gateway.query({
      document: '{ jobInstance(scope: {bkBizId: "2"}, jobInstanceId: "20000000004") { name } }',
      headers: credentials('alice'),
    });
    expect(data?.['jobInstance'] ?? null).toBeNull();
    expect(JSON.stringify(errors)).toContain('UNAUTHENTICATED');
    expect(supergraph.service.simulator.calls.all()).toEqual([]);
  });
});
