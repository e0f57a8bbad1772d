import { fileURLToPath } from 'node:url';

/** A server that is measured. */
export interface Contender {
  readonly name: string;
  readonly title: string;
  /** Whether it is asked by GraphQL, by a path of its own, or passes bk-job's bytes on. */
  readonly kind: 'graphql' | 'rest' | 'bytes';
  readonly command: readonly string[];
  readonly environment: (upstreamUrl: string) => Readonly<Record<string, string>>;
}

const peers = new URL('./peers/', import.meta.url);
const entry = fileURLToPath(new URL('../dist/main.js', import.meta.url));

function peer(file: string, kind: Contender['kind'], title: string): Contender {
  const script = fileURLToPath(new URL(`${file}.js`, peers));
  return {
    name: file,
    title,
    kind,
    command: [process.execPath, script],
    environment: (UPSTREAM) => ({ UPSTREAM }),
  };
}

/** The service as it is built, with the defaults of production. */
export const service: Contender = {
  name: 'bkjob-graphql',
  title: 'this service',
  kind: 'graphql',
  command: [process.execPath, entry],
  environment: (upstreamUrl) => ({
    BKJOB_GQL__UPSTREAM__KIND: 'apigw-v3',
    BKJOB_GQL__UPSTREAM__BASE_URL: `${upstreamUrl}/api/bk-job`,
    BKJOB_GQL__UPSTREAM__APP_CODE: 'demo_app',
    BKJOB_GQL__UPSTREAM__APP_SECRET: 'demo_secret',
    // On as ever, where no other process listens.
    BKJOB_GQL__TELEMETRY__METRICS__LISTEN: '127.0.0.1:0',
  }),
};

/** What all others are compared with. */
export const bareProxy = peer('bare-proxy', 'bytes', 'bare proxy: node:http and undici, bytes passed on');

/** All that can be measured. */
export const contenders: readonly Contender[] = [
  bareProxy,
  peer('hand-written-rest', 'rest', 'REST by hand: parse, pick, stringify'),
  peer('apollo-standalone', 'graphql', 'Apollo Server, standalone, its REST data source'),
  peer('apollo-fastify', 'graphql', 'Apollo Server with Fastify, undici, DataLoader'),
  peer('yoga-jit', 'graphql', 'Yoga with graphql-jit, undici, DataLoader'),
  peer('mercurius-jit', 'graphql', 'Mercurius with graphql-jit, undici, DataLoader'),
  service,
];

/**
 * Apollo Server on node:http with answers made by hand: nobody would run it, and no service takes less that has Apollo
 * Server in it. Measured where it is named.
 */
export const apolloByHand = peer('apollo-by-hand', 'graphql', 'Apollo Server alone, answers made by hand');

/** Those that a quick run measures. */
export const quickContenders: readonly string[] = [
  'bare-proxy',
  'hand-written-rest',
  'apollo-fastify',
  'mercurius-jit',
  'bkjob-graphql',
];
