import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema } from '@apollo/subgraph';
import DataLoader from 'dataloader';
import { parse } from 'graphql';

/**
 * SDL of a subgraph of somebody else. It owns hosts, whose names it adds to those that jobs ran on, and points at jobs
 * by their numbers and at steps by their global ids, knowing nothing else of them.
 */
export const cmdbSubgraphSdl = /* GraphQL */ `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])

  type Query {
    host(bkHostId: ID!): Host
    deployment(id: ID!): Deployment
    deployments(ids: [ID!]!): [Deployment]!
    alarm(step: ID!): Alarm
  }

  type Host @key(fields: "bkHostId") {
    bkHostId: ID!
    name: String!
    os: String
  }

  type Deployment {
    id: ID!
    job: JobInstance
  }

  type JobInstance @key(fields: "bkBizId jobInstanceId", resolvable: false) {
    bkBizId: ID
    jobInstanceId: ID!
  }

  type Alarm {
    step: StepInstance
  }

  type StepInstance @key(fields: "id", resolvable: false) {
    id: ID!
  }
`;

/** A job as the CMDB knows it: by its natural key. */
export interface DeployedJob {
  readonly bkBizId: string | null;
  readonly jobInstanceId: string;
}

/** A CMDB that listens. */
export interface CmdbSubgraph extends AsyncDisposable {
  readonly url: string;
  /** Host ids that were asked for through `_entities`: one entry for each batch, in the order of arrival. */
  readonly hostBatches: readonly (readonly string[])[];
}

interface CmdbContext {
  readonly hosts: DataLoader<string, Host>;
}

interface Host {
  readonly bkHostId: string;
  readonly name: string;
  readonly os: string;
}

/**
 * Starts a CMDB on a free port of 127.0.0.1. Every host exists there, under the name that `cmdbHostName` tells; what was
 * deployed by which job is told to it, by the id of the deployment.
 */
export async function startCmdbSubgraph(
  deployments: ReadonlyMap<string, DeployedJob>,
): Promise<CmdbSubgraph> {
  const hostBatches: (readonly string[])[] = [];
  const server = new ApolloServer<CmdbContext>({
    schema: createCmdbSchema(deployments),
    plugins: [ApolloServerPluginInlineTraceDisabled()],
    // Whoever starts it ends it.
    stopOnTerminationSignals: false,
  });
  const { url } = await startStandaloneServer(server, {
    listen: { host: '127.0.0.1', port: 0 },
    context: () =>
      Promise.resolve({
        hosts: new DataLoader<string, Host>((ids) => {
          hostBatches.push(ids);
          return Promise.resolve(ids.map(toHost));
        }),
      }),
  });
  return { url, hostBatches, [Symbol.asyncDispose]: () => server.stop() };
}

/** Name that the CMDB gives a host. */
export function cmdbHostName(bkHostId: string): string {
  return `host-${bkHostId}`;
}

function createCmdbSchema(deployments: ReadonlyMap<string, DeployedJob>) {
  const toDeployment = (id: string) => {
    const job = deployments.get(id);
    return job === undefined ? null : { id, job };
  };
  return buildSubgraphSchema({
    typeDefs: parse(cmdbSubgraphSdl),
    resolvers: {
      Query: {
        host: (_parent: unknown, { bkHostId }: { bkHostId: string }) => toHost(bkHostId),
        deployment: (_parent: unknown, { id }: { id: string }) => toDeployment(id),
        deployments: (_parent: unknown, { ids }: { ids: readonly string[] }) => ids.map(toDeployment),
        alarm: (_parent: unknown, { step }: { step: string }) => ({ step: { id: step } }),
      },
      Host: {
        __resolveReference: ({ bkHostId }: { bkHostId: string }, { hosts }: CmdbContext) =>
          hosts.load(bkHostId),
      },
    },
  });
}

function toHost(bkHostId: string): Host {
  return { bkHostId, name: cmdbHostName(bkHostId), os: 'linux' };
}
