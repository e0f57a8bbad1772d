import {
  cmdbSubgraphSdl,
  startCmdbSubgraph,
  type CmdbSubgraph,
  type DeployedJob,
} from '../../examples/supergraph/cmdb-subgraph.ts';
import { composers, fetchSubgraphSdl } from '../../examples/supergraph/compose.ts';
import { settingsBehindGateway, type Gateway, type StartGateway } from '../../examples/supergraph/gateway.ts';
import { startSimulator, type Simulator } from '../../src/simulator/index.ts';
import { addressesOf, runProgram } from './run-program.ts';
import type { GraphqlAnswer } from './start-test-service.ts';

/** What a client of a gateway asks. */
export interface GatewayRequest {
  readonly document: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** How a test wants its supergraph. */
export interface SupergraphOptions {
  readonly startGateway: StartGateway;
  readonly deployments?: ReadonlyMap<string, DeployedJob>;
  /** Headers that the gateway hands on, if not those that it should. */
  readonly forward?: readonly string[];
  /** Whether bk-job sends hosts in another order with every answer. */
  readonly shuffleHosts?: boolean;
}

/** The built service as a process of its own, a CMDB and a gateway in front of both. */
export interface Supergraph extends AsyncDisposable {
  readonly gateway: Gateway;
  readonly serviceUrl: string;
  readonly simulator: Simulator;
  readonly cmdb: CmdbSubgraph;
  query(request: GatewayRequest): Promise<GraphqlAnswer>;
}

/** Starts a supergraph on free ports. The caller disposes of it. */
export async function startSupergraph(options: SupergraphOptions): Promise<Supergraph> {
  const started: AsyncDisposable[] = [];
  const dispose = async (): Promise<void> => {
    for (const one of started.splice(0).reverse()) await one[Symbol.asyncDispose]();
  };
  const keep = <Started extends AsyncDisposable>(one: Started): Started => {
    started.push(one);
    return one;
  };
  try {
    const { startGateway, forward, shuffleHosts = false } = options;
    const simulator = keep(await startSimulator({ shuffleHosts }));
    const { graphqlUrl } = await addressesOf(keep(runProgram({ environment: before(simulator) })));
    const cmdb = keep(await startCmdbSubgraph(options.deployments ?? new Map()));
    const supergraphSdl = composers['@apollo/composition']([
      { name: 'jobs', url: graphqlUrl, sdl: await fetchSubgraphSdl(graphqlUrl) },
      { name: 'cmdb', url: cmdb.url, sdl: cmdbSubgraphSdl },
    ]);
    const gateway = keep(await startGateway({ supergraphSdl, ...(forward && { forward }) }));
    return {
      gateway,
      serviceUrl: graphqlUrl,
      simulator,
      cmdb,
      query: (request) => post(gateway.url, request),
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** Settings of a service that asks this bk-job. */
function before(simulator: Simulator): Readonly<Record<string, string>> {
  return {
    ...settingsBehindGateway,
    PORT: '0',
    BKJOB_GQL__UPSTREAM__KIND: 'apigw-v3',
    BKJOB_GQL__UPSTREAM__BASE_URL: `${simulator.url}/api/bk-job`,
    BKJOB_GQL__UPSTREAM__APP_CODE: 'demo_app',
    BKJOB_GQL__UPSTREAM__APP_SECRET: 'demo_secret',
  };
}

async function post(url: string, { document, variables, headers }: GatewayRequest): Promise<GraphqlAnswer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
    body: JSON.stringify({ query: document, variables }),
  });
  return (await response.json()) as GraphqlAnswer;
}
