import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { ApolloServerPlugin } from '@apollo/server';
import Fastify, { type FastifyInstance } from 'fastify';
import { describe, expect, it } from 'vitest';
import { createOperationContext, type OperationContext } from '../../../src/context/operation-context.ts';
import { createLookAhead } from '../../../src/execution/look-ahead.ts';
import { createOperationPipeline } from '../../../src/execution/operation-pipeline.ts';
import { createExecutableSchema } from '../../../src/execution/schema.ts';
import type { Admission } from '../../../src/server/admission/admission.ts';
import { readNumbersExactly } from '../../../src/server/exact-json-body.ts';
import { registerGraphqlRoute } from '../../../src/server/graphql-route.ts';
import { createGraphqlServer } from '../../../src/server/graphql-server.ts';
import { registerStreams } from '../../../src/server/live/stream-route.ts';
import { createPlacesOfErrors } from '../../../src/server/places-of-errors.ts';
import { Refusal } from '../../../src/server/refusals.ts';
import { buildJob } from '../../support/build-job.ts';
import { createTestLiveJobs } from '../../support/live/test-live-jobs.ts';
import { uncounted } from '../../support/uncounted.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const caller = {
  proof: { kind: 'bk_token', value: 'alice' },
  tenantId: null,
  language: null,
  fingerprint: 'alice',
  account: 'alice',
} as const;

/** Something that happens when the test says so, and of which it is told when it is waited for. */
class Gate {
  readonly reached: Promise<void>;
  readonly #opened: Promise<void>;
  #reach: () => void = () => undefined;
  open: () => void = () => undefined;

  constructor() {
    this.reached = new Promise((resolve) => (this.#reach = resolve));
    this.#opened = new Promise((resolve) => (this.open = resolve));
  }

  pass(): Promise<void> {
    this.#reach();
    return this.#opened;
  }
}

interface Held {
  readonly name: string;
  readonly part: WeakRef<object>;
}

/** Has graphql-js execute what it listens to. */
const listening: ApolloServerPlugin<OperationContext> = {
  requestDidStart: () => Promise.resolve({ executionDidStart: () => Promise.resolve() }),
};

/** The endpoint, with what stood in the body of its last request. */
async function serve(
  gates: { readonly line?: Gate; readonly bkJob?: Gate },
  plugins = [] as ApolloServerPlugin<OperationContext>[],
) {
  const schema = createExecutableSchema({ node: true, subscription: true });
  const report = (fault: unknown): never => {
    throw fault;
  };
  const pipeline = createOperationPipeline({
    schema,
    introspection: true,
    limits: { maxDocumentBytes: 10_000, parserMaxTokens: 1_000, maxCost: 50_000 },
    report,
  });
  const admission: Admission = {
    refusalOf: () => null,
    refusalOfAnybody: () => null,
    enter: async () => {
      await gates.line?.pass();
      return () => undefined;
    },
    turnBegun: () => undefined,
    takePeak: () => 0,
  };
  const places = createPlacesOfErrors();
  const server = createGraphqlServer({ pipeline, admission, plugins, places });
  await server.start();
  const jobApi = {
    fetchJobInstanceStatus: async () => {
      await gates.bkJob?.pass();
      return buildJob({});
    },
  };
  const app = Fastify();
  app.decorateRequest('trace', null);
  readNumbersExactly(app);
  const held: Held[] = [];
  app.addHook('preHandler', (request, _reply, done) => {
    held.push(...partsOf(request.body as Body));
    done();
  });
  const operations = {
    jobApi,
    liveJobs: createTestLiveJobs(jobApi).liveJobs,
    lookAhead: createLookAhead(schema),
    maxParallelReads: 8,
    jobWebUrl: null,
    report,
  };
  app.decorateRequest('servedPath', '/graphql');
  registerStreams(app, {
    pipeline,
    path: '/graphql',
    identify: () => caller,
    starts: {
      assertRoomFor: () => undefined,
      open: async () => {
        await gates.line?.pass();
        throw new Refusal(503, 'No stream begins.');
      },
    },
    maxRequestBytes: 10_000,
    heartbeatInterval: 60_000,
    drainWindow: 0,
  });
  registerGraphqlRoute(app, server, {
    path: '/graphql',
    context: () =>
      createOperationContext(operations, { identification: caller, signal: new AbortController().signal }),
    parameterize: pipeline.parameterize,
    places,
    untaken: uncounted,
    hasPage: false,
  });
  return { app, held };
}

interface Body {
  readonly variables: { readonly undeclared: object };
  readonly extensions: { readonly more: object };
  readonly more: object;
}

function partsOf({ variables, extensions, more }: Body): readonly Held[] {
  return [
    { name: 'a variable that is not declared', part: new WeakRef(variables.undeclared) },
    { name: 'an extension', part: new WeakRef(extensions.more) },
    { name: 'a member that says nothing', part: new WeakRef(more) },
  ];
}

const withVariable = 'query ($job: ID!) { jobInstance(scope: {bkBizId: "1"}, jobInstanceId: $job) { name } }';
const withLiteral = '{ jobInstance(scope: {bkBizId: "1"}, jobInstanceId: "7") { name } }';

function ask(app: FastifyInstance, query: string, headers = {}): Promise<unknown> {
  const payload = {
    query,
    variables: { job: '7', undeclared: [{}] },
    extensions: { more: [{}] },
    more: [{}],
  };
  return app
    .inject({ method: 'POST', url: '/graphql', headers, payload })
    .then((response) => response.json());
}

async function heldAt(gate: Gate, held: readonly Held[]): Promise<readonly string[]> {
  await gate.reached;
  await nextTurn();
  collect();
  return held.filter(({ part }) => part.deref() !== undefined).map(({ name }) => name);
}

describe.each([
  ['with an id as variable', withVariable, []],
  ['with an id as literal', withLiteral, []],
  ['that graphql-js executes', withVariable, [listening]],
])('of an operation %s', (_case, query, plugins) => {
  it.each(['line', 'bkJob'] as const)('nothing is held that it does not need: %s', async (where) => {
    const gate = new Gate();
    const { app, held } = await serve({ [where]: gate }, plugins);
    const answer = ask(app, query);
    expect(await heldAt(gate, held)).toEqual([]);
    expect(held).toHaveLength(3);
    gate.open();
    expect(await answer).toMatchObject({ data: { jobInstance: { name: expect.any(String) } } });
    await app.close();
  });
});

it('of a stream nothing is held that it does not need', async () => {
  const gate = new Gate();
  const { app, held } = await serve({ line: gate });
  const query = `subscription ($job: ID!) { jobInstanceUpdated(scope: {bkBizId: "1"}, jobInstanceId: $job) { name } }`;
  const answer = ask(app, query, { accept: 'text/event-stream' });
  expect(await heldAt(gate, held)).toEqual([]);
  expect(held).toHaveLength(3);
  gate.open();
  expect(await answer).toMatchObject({ statusCode: 503 });
  await app.close();
});
