import { HeaderMap, type ApolloServerPlugin } from '@apollo/server';
import { describe, expect, it } from 'vitest';
import { createOperationContext, type OperationContext } from '../../../src/context/operation-context.ts';
import { JobApiError } from '../../../src/domain/errors.ts';
import { createLookAhead } from '../../../src/execution/look-ahead.ts';
import { createOperationPipeline } from '../../../src/execution/operation-pipeline.ts';
import { createExecutableSchema } from '../../../src/execution/schema.ts';
import { createGraphqlServer } from '../../../src/server/graphql-server.ts';
import { createTestLiveJobs } from '../../support/live/test-live-jobs.ts';
import { buildJob, hostRow, stepData } from '../../support/build-job.ts';

const query =
  'query ($job: ID!) { jobInstance(scope: {bkBizId: 1}, jobInstanceId: $job) { name ipResults { ip } } }';
const answer = '{"data":{"jobInstance":{"name":"job","ipResults":[{"ip":"192.0.2.1"}]}}}\n';

const caller = {
  proof: { kind: 'bk_token', value: 'alice' },
  tenantId: null,
  language: null,
  fingerprint: 'alice',
  account: 'alice',
} as const;

/** One host, or as many as make an answer long. */
function rowsOf(job: string): ReturnType<typeof hostRow>[] {
  return Array.from({ length: job === manyHosts ? 1_500 : 1 }, () => hostRow());
}

const manyHosts = '1500';

/** A server that finds every job but 404, and what happened on its fast way. */
async function start(plugins: readonly ApolloServerPlugin<OperationContext>[] = []) {
  const schema = createExecutableSchema({ node: true, subscription: true });
  const events: string[] = [];
  const pipeline = createOperationPipeline({
    schema,
    introspection: true,
    limits: { maxDocumentBytes: 10_000, parserMaxTokens: 1_000, maxCost: 50_000 },
    report: (fault) => events.push(String(fault)),
    observer: {
      documentLookedUp: () => undefined,
      fastPathTaken: () => events.push('taken'),
      fastPathLeft: (reason) => events.push(reason),
    },
  });
  const server = createGraphqlServer({ pipeline, plugins });
  await server.start();
  const jobApi = {
    fetchJobInstanceStatus: (_caller: unknown, job: { readonly jobInstanceId: string }) =>
      job.jobInstanceId === '404'
        ? Promise.reject(new JobApiError('NOT_FOUND'))
        : Promise.resolve(buildJob({ steps: [stepData({ ipResults: rowsOf(job.jobInstanceId) })] })),
  };
  const operations = {
    jobApi,
    liveJobs: createTestLiveJobs(jobApi).liveJobs,
    lookAhead: createLookAhead(schema),
    maxParallelReads: 8,
    jobWebUrl: null,
    report: (fault: unknown) => events.push(String(fault)),
  };
  const contexts: OperationContext[] = [];
  const ask = async (job = '100', text = query): Promise<string> => {
    const context = createOperationContext(operations, {
      identification: caller,
      signal: new AbortController().signal,
    });
    contexts.push(context);
    const { body } = await server.executeHTTPGraphQLRequest({
      httpGraphQLRequest: {
        method: 'POST',
        headers: new HeaderMap([['content-type', 'application/json']]),
        body: { query: text, variables: { job } },
        search: '',
      },
      context: () => Promise.resolve(context),
    });
    const { bytes } = context.written;
    if (bytes !== null) return new TextDecoder().decode(bytes);
    return body.kind === 'complete' ? body.string : 'in pieces';
  };
  return { ask, contexts, events, [Symbol.asyncDispose]: () => server.stop() };
}

describe('an operation', () => {
  it('is answered by graphql-js the first time, and the fast way afterwards', async () => {
    await using server = await start();
    expect([await server.ask(), await server.ask(), await server.ask('7')]).toEqual([answer, answer, answer]);
    expect(server.events).toEqual(['taken', 'taken']);
  });

  it('that ends in an error is answered by graphql-js, and counted', async () => {
    await using server = await start();
    const first = await server.ask('404');
    expect(JSON.parse(first)).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
    expect(await server.ask('404')).toBe(first);
    expect(await server.ask()).toBe(answer);
    expect(server.events).toEqual(['failure', 'taken']);
  });

  it('that the fast way does not cover is answered by graphql-js, and counted', async () => {
    await using server = await start();
    const text = '{ __schema { queryType { name } } }';
    const first = await server.ask('1', text);
    expect(await server.ask('1', text)).toBe(first);
    expect(server.events).toEqual(['operation']);
  });
});

describe('a plugin', () => {
  it('that wants to know how an operation is executed is told, since graphql-js answers', async () => {
    const fields: string[] = [];
    await using server = await start([
      {
        requestDidStart: () =>
          Promise.resolve({
            executionDidStart: () =>
              Promise.resolve({
                willResolveField: ({ info }) => {
                  fields.push(info.fieldName);
                },
              }),
          }),
      },
    ]);
    for (let time = 1; time <= 3; time += 1) expect(await server.ask()).toBe(answer);
    expect(fields).toEqual(Array(3).fill(['jobInstance', 'name', 'ipResults', 'ip']).flat());
    expect(server.events).toEqual([]);
  });

  it('finds the data of an answer that was written as bytes, and may change it', async () => {
    const seen: unknown[] = [];
    await using server = await start([
      {
        requestDidStart: () =>
          Promise.resolve({
            willSendResponse: ({ response: { body } }) => {
              if (body.kind !== 'single' || !body.singleResult.data) return Promise.resolve();
              const { data } = body.singleResult;
              seen.push(Object.keys(data), 'jobInstance' in data, { ...data });
              data['added'] = 1;
              delete data['jobInstance'];
              return Promise.resolve();
            },
          }),
      },
    ]);
    const answers = [await server.ask(), await server.ask()];
    expect(answers).toEqual(Array(2).fill('{"data":{"added":1}}\n'));
    expect(server.events).toEqual(['taken']);
    expect(seen.slice(3)).toEqual(seen.slice(0, 3));
  });

  it('may add extensions to an answer that was written as bytes', async () => {
    await using server = await start([
      {
        requestDidStart: () =>
          Promise.resolve({
            willSendResponse: ({ response: { body } }) => {
              if (body.kind === 'single') body.singleResult.extensions = { cost: 1 };
              return Promise.resolve();
            },
          }),
      },
    ]);
    const expected = answer.replace('}}\n', '},"extensions":{"cost":1}}\n');
    expect([await server.ask(), await server.ask()]).toEqual([expected, expected]);
    expect(server.events).toEqual(['taken']);
  });
});

describe('memory of a long answer', () => {
  type Data = Readonly<Record<string, unknown>> | null | undefined;

  /** What it was answered with the third time, by when its memory may be used for others. */
  async function askForMany(plugins: readonly ApolloServerPlugin<OperationContext>[] = []) {
    await using server = await start(plugins);
    for (let times = 0; times < 3; times += 1) await server.ask(manyHosts);
    const { written } = server.contexts.at(-1)!;
    return { written, length: written.bytes?.length ?? 0 };
  }

  it('is for others once it was sent', async () => {
    const { written, length } = await askForMany();
    expect(length).toBeGreaterThan(1_500);
    written.listener?.sent();
    expect(written.bytes).toBeNull();
  });

  it('is never for others where a plugin listens, which may look into the answer later', async () => {
    let data: Data;
    const { written, length } = await askForMany([
      {
        requestDidStart: () =>
          Promise.resolve({
            willSendResponse: ({ response: { body } }) => {
              data = body.kind === 'single' ? body.singleResult.data : null;
              return Promise.resolve();
            },
          }),
      },
    ]);
    expect(length).toBeGreaterThan(1_500);
    expect(written.listener).toBeNull();
    expect(Object.keys(data ?? {})).toEqual(['jobInstance']);
  });

  it('shows nothing of others to what kept hold of the answer without having listened', async () => {
    let dataOf = (): Data => null;
    const { written } = await askForMany([
      {
        requestDidStart: ({ response }) => {
          dataOf = () => (response.body?.kind === 'single' ? response.body.singleResult.data : null);
          return Promise.resolve();
        },
      },
    ]);
    written.listener?.sent();
    expect(() => Object.keys(dataOf() ?? {})).toThrow('The answer was sent');
  });
});
