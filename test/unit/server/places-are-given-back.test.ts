import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import Fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { createOperationContext, type OperationContext } from '../../../src/context/operation-context.ts';
import type { Spending } from '../../../src/execution/charge.ts';
import { createLookAhead } from '../../../src/execution/look-ahead.ts';
import { createOperationPipeline } from '../../../src/execution/operation-pipeline.ts';
import { createExecutableSchema } from '../../../src/execution/schema.ts';
import { registerGraphqlRoute } from '../../../src/server/graphql-route.ts';
import { createGraphqlServer } from '../../../src/server/graphql-server.ts';
import { createPlacesOfErrors } from '../../../src/server/places-of-errors.ts';
import { answerErrorsAsGraphql } from '../../../src/server/refusals.ts';
import { RequestSignals } from '../../../src/server/request-signal.ts';
import { watchRequests } from '../../../src/server/watch-requests.ts';
import { createTelemetry } from '../../../src/telemetry/telemetry.ts';
import { buildJob, hostRow, stepData } from '../../support/build-job.ts';
import { callerNamed } from '../../support/live/in-memory-bk-job.ts';
import { createTestLiveJobs } from '../../support/live/test-live-jobs.ts';
import { openAdmission } from '../../support/open-admission.ts';
import { uncounted } from '../../support/uncounted.ts';

const caller = callerNamed('alice');

/** So many that their JSON takes several turns of the event loop. */
const ipResults = Array.from({ length: 20_000 }, () => hostRow());
const longQuery =
  '{ jobInstance(scope: {bkBizId: 1}, jobInstanceId: 7) { ipResults { id ip bkCloudId tag status } } }';
const shortQuery = '{ jobInstance(scope: {bkBizId: 1}, jobInstanceId: 7) { name } }';

/** The endpoint with a plugin of the operator's, where one operation with hosts and one without may be under way. */
async function serve(listener: GraphQLRequestListener<OperationContext>) {
  const schema = createExecutableSchema({ node: true, subscription: true });
  const faults: unknown[] = [];
  const report = (fault: unknown): void => void faults.push(fault);
  const limits = { maxDocumentBytes: 10_000, parserMaxTokens: 1_000, maxCost: 50_000 };
  const refunds: number[] = [];
  const spending: Spending = { charge: () => (cost) => refunds.push(cost) };
  const pipeline = createOperationPipeline({ schema, introspection: true, limits, spending, report });
  const { admission, gauges } = openAdmission();
  const places = createPlacesOfErrors();
  const plugins: ApolloServerPlugin<OperationContext>[] = [
    { requestDidStart: () => Promise.resolve(listener) },
  ];
  const server = createGraphqlServer({ pipeline, admission, plugins, places });
  await server.start();
  const fetchJobInstanceStatus = () => Promise.resolve(buildJob({ steps: [stepData({ ipResults })] }));
  const operations = {
    jobApi: { fetchJobInstanceStatus },
    liveJobs: createTestLiveJobs({ fetchJobInstanceStatus }).liveJobs,
    lookAhead: createLookAhead(schema),
    maxParallelReads: 8,
    jobWebUrl: null,
    report,
  };
  const lines: unknown[] = [];
  const destination = { write: (line: string) => lines.push(JSON.parse(line)) };
  const telemetry = createTelemetry({ level: 'info', destination, secrets: [], ofProcess: false });
  const app = Fastify({ forceCloseConnections: true });
  watchRequests(app, telemetry.requests, []);
  answerErrorsAsGraphql(app, report);
  registerGraphqlRoute(app, server, {
    path: '/graphql',
    context: (_request, reply) =>
      createOperationContext(operations, {
        identification: caller,
        signal: new RequestSignals().create(reply.raw, 25_000),
      }),
    parameterize: pipeline.parameterize,
    places,
    untaken: uncounted,
    hasPage: false,
  });
  const url = `${await app.listen({ host: '127.0.0.1', port: 0 })}/graphql`;
  return {
    ask: (query: string, signal?: AbortSignal) =>
      fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
        signal: signal ?? null,
      }),
    running: () => [...gauges.values()].reduce((sum, lane) => sum + lane.running(), 0),
    faults,
    lines,
    refunds,
    [Symbol.asyncDispose]: () => app.close(),
  };
}

describe('an operation whose client leaves while its long answer is written', () => {
  it('gives its place back, is logged as all whose clients left, and is no fault', async () => {
    const client = new AbortController();
    const written: OperationContext['written'][] = [];
    await using service = await serve({
      willSendResponse: ({ contextValue: context }) => {
        written.push(context.written);
        if (written.length > 1) return Promise.resolve();
        client.abort();
        return new Promise((resolve) => {
          context.signal.addEventListener('abort', () => resolve(), { once: true });
        });
      },
    });
    await expect(service.ask(longQuery, client.signal)).rejects.toThrow('aborted');
    await expect
      .poll(() => service.lines)
      .toMatchObject([{ msg: 'request', code: 'cancelled', status: 499 }]);
    expect(service.running()).toBe(0);
    // Of one caller, what began first is done first: when this is answered, nothing is left of the other.
    expect((await service.ask(longQuery)).status).toBe(200);
    expect(written.map(({ bytes }) => bytes === null)).toEqual([true, false]);
    expect(service.faults).toEqual([]);
  });
});

const broken = new Error('of the plugin');

describe.each([
  ['a long answer', longQuery, []],
  ['a short one', shortQuery.replace('name', 'name steps { name }'), [8]],
])(
  'an operation with %s gives its place back, and its caller gets what it did not cost',
  (_, query, refunds) => {
    const listeners: [string, number, GraphQLRequestListener<OperationContext>][] = [
      ['once it is answered', 200, {}],
      ['where a plugin fails', 500, { willSendResponse: () => Promise.reject(broken) }],
      [
        'where a plugin fails at once, so that no other is asked',
        500,
        {
          willSendResponse: () => {
            throw broken;
          },
        },
      ],
      [
        'where a plugin has other data sent',
        200,
        {
          willSendResponse: async ({ response: { body } }) => {
            await Promise.resolve();
            if (body.kind === 'single') body.singleResult.data = { other: true };
          },
        },
      ],
    ];

    it.each(listeners)('%s', async (_how, status, listener) => {
      await using service = await serve(listener);
      const response = await service.ask(query);
      expect(response.status).toBe(status);
      await response.text();
      expect(service.running()).toBe(0);
      expect(service.refunds).toEqual(refunds);
    });
  },
);
