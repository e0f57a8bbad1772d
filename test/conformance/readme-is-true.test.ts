import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { settingsReference } from '../../src/config/model.ts';
import { firstQuery } from '../../src/server/explorer/first-operation.ts';
import { hostileInputs } from '../resilience/hostile/all-inputs.ts';
import { connect, followOverSocket } from '../support/live/follow-over-socket.ts';
import { startTestService, type TestService } from '../support/start-test-service.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

/** Contents of the fenced blocks of a language, in order. */
function blocks(language: string): readonly string[] {
  return [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(
    ([, content]) => content!,
  );
}

/** Cells of the rows of all tables. */
const rows = [...readme.matchAll(/^\|(.*)\|$/gm)].map(([, cells]) =>
  cells!.split(/(?<!\\)\|/).map((cell) => cell.trim()),
);

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service[Symbol.asyncDispose]());

it('the table of settings is that of the code', () => {
  const documented = rows.filter(([name]) => name!.startsWith('`BKJOB_GQL__'));
  expect(documented).toEqual(
    settingsReference().map(({ variable, fallback, meaning }) => [`\`${variable}\``, fallback, meaning]),
  );
});

it('the first query is the one that the start prints, and its answer is the real one', async () => {
  const command = blocks('sh').find((block) => block.includes('curl') && block.includes('20000000004'))!;
  const { query } = JSON.parse(/-d '(.*)'/.exec(command)![1]!) as { query: string };
  expect(query).toBe(firstQuery);
  const { body } = await service.query(query);
  expect(body).toEqual(JSON.parse(blocks('json')[0]!));
});

it('the commands are those of the package', () => {
  const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    scripts: Readonly<Record<string, string>>;
  };
  const named = [...readme.matchAll(/npm (?:run )?(start|test|[a-z]+:[a-z]+|figures|check)\b/g)].map(
    ([, name]) => name!,
  );
  expect(named).toContain('start');
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});

describe('each recipe', () => {
  const variables = { job: '20000000004', jobs: ['20000000004', '20000000011'], after: null };

  const queries = blocks('graphql').filter((document) => document.startsWith('query'));
  it.each(queries.map((document) => [/^query (\w+)/.exec(document)![1]!, document]))(
    '%s runs, with one read for each job',
    async (_name, document) => {
      service.simulator.calls.clear();
      const { status, body } = await service.query(document, { variables });
      const joinsCmdb = document.includes('host { name }') || /host \{\s*name/.test(document);
      if (joinsCmdb) {
        expect(status).toBe(400);
        expect(JSON.stringify(body)).toContain('Cannot query field \\"name\\" on type \\"Host\\"');
        return;
      }
      expect(status).toBe(200);
      expect(body.errors).toBeUndefined();
      const reads = service.simulator.calls.all().map(({ jobInstanceId }) => jobInstanceId);
      // Who waits for a job that failed has that confirmed.
      const jobs = document.includes('waitForJobInstance') ? [...new Set(reads)] : reads;
      expect(jobs).toEqual(document.includes('$jobs') ? variables.jobs : [variables.job]);
    },
  );

  it('is there for what people ask most', () => {
    expect(blocks('graphql').length).toBeGreaterThanOrEqual(5);
  });
});

describe('following a job', () => {
  const headers = { 'content-type': 'application/json', 'x-bkapi-authorization': '{"bk_token":"alice"}' };
  const document = blocks('graphql').find((block) => block.startsWith('subscription'))!;

  it('works over WebSocket as it is written', async () => {
    expect(blocks('ts').some((block) => block.includes('createClient') && block.includes('iterate'))).toBe(
      true,
    );
    const client = connect(new URL('/ws', service.graphqlUrl).href.replace('http', 'ws'));
    const followed = followOverSocket(client, document, { job: '20000000004' });
    await followed.completed;
    await client.dispose();
    expect(followed.payloads).toMatchObject([{ data: { jobInstanceUpdated: { phase: 'FAILED' } } }]);
  });

  it('works over HTTP as it is written', async () => {
    const command = blocks('sh').find((block) => block.includes('text/event-stream'))!;
    const response = await fetch(service.graphqlUrl, {
      method: 'POST',
      headers: { ...headers, accept: 'text/event-stream' },
      body: /-d '(.*)'/.exec(command)![1]!.replace('20000000002', '20000000011'),
    });
    expect(await response.text()).toMatch(
      /^:\n\nevent: next\ndata: \{"data":.*\nevent: complete\ndata: \n\n$/s,
    );
  });
});

it('the table of error codes is that of the schema', () => {
  const sdl = readFileSync(new URL('../../schema/errors.graphql', import.meta.url), 'utf8');
  const codes = /enum JobApiErrorCode \{(.*?)^\}/ms
    .exec(sdl)![1]!
    .match(/^ {2}[A-Z_]+$/gm)!
    .map((code) => code.trim());
  const documented = rows
    .map(([name]) => /^`(?!BKJOB)([A-Z_]+)`$/.exec(name!)?.[1])
    .filter((code) => code !== undefined);
  expect(documented.sort()).toEqual(codes.sort());
});

it('the table of statuses is complete', () => {
  const told = hostileInputs()
    .filter(
      ({ wanted: { status, close } }) => typeof status === 'number' && status >= 400 && close === undefined,
    )
    .map(({ wanted: { status, code } }) => `${String(status)} ${String(code)}`);
  // No client does anything that is wrong there, but with a document to be stored, where the status says so.
  const others = ['429 RATE_LIMITED', '500 INTERNAL_SERVER_ERROR', '503 UPSTREAM_UNAVAILABLE'];
  const wanted = new Set([...told, ...others, '200 PERSISTED_QUERY_NOT_SUPPORTED']);
  const documented = rows
    .filter(([status]) => /^\d{3}$/.test(status!))
    .flatMap(([status, codes]) => codes!.match(/[A-Z_]{5,}/g)?.map((code) => `${status!} ${code}`) ?? []);
  expect(documented.toSorted()).toEqual([...wanted].toSorted());
});
