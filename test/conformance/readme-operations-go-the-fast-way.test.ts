import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { firstQuery } from '../../src/server/explorer/first-operation.ts';
import { startTestService, type TestService } from '../support/start-test-service.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

const recipes = [...read('../../README.md').matchAll(/^```graphql\n(query .*?)^```$/gms)]
  .map(([, document]) => document!)
  // Needs a gateway.
  .filter((document) => !/host \{\s*name/.test(document));

const samples = read('../fixtures/sample-operations.graphql');

const operations: readonly (readonly [name: string, document: string])[] = [
  ['the first query', firstQuery],
  ...recipes.map((document) => [/^query (\w+)/.exec(document)![1]!, document] as const),
  ...[...samples.matchAll(/^query (\w+)/gm)].map(([, name]) => [name!, samples] as const),
];

const variables = {
  scope: { bkBizId: '2' },
  biz: 2,
  job: '20000000004',
  jobs: ['20000000004', '20000000011', '20000000999'],
  after: null,
};

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service[Symbol.asyncDispose]());

/** How many answers were written on the fast way, and how many graphql-js had to make all the same. */
async function counted(): Promise<readonly number[]> {
  const page = await service.telemetry.metricsPage();
  return ['answers', 'fallbacks'].map((what) =>
    [...page.matchAll(new RegExp(`^bkjob_gql_fast_path_${what}_total(?:\\{.*\\})? (\\d+)$`, 'gm'))].reduce(
      (sum, [, count]) => sum + Number(count),
      0,
    ),
  );
}

it('there are operations to try', () => {
  expect(recipes.length).toBeGreaterThanOrEqual(4);
  expect(operations.length).toBeGreaterThanOrEqual(12);
});

it.each(operations)('%s goes the fast way once it is known, with the same answer', async (name, text) => {
  const job = name === 'Page' ? '20000000030' : variables.job;
  const request = { variables: { ...variables, job }, ...(text === samples && { operationName: name }) };
  const first = await service.query(text, request);
  expect(first.body.errors).toBeUndefined();
  // Twice more: its literals may be made variables, and the operation that this makes is then new once itself.
  await service.query(text, request);
  await service.query(text, request);
  const [answers, fallbacks] = await counted();
  for (let time = 1; time <= 2; time += 1) {
    const again = await service.query(text, request);
    expect(again.status).toBe(200);
    expect(again.headers['content-type']).toBe(first.headers['content-type']);
    expect(JSON.stringify(again.body)).toBe(JSON.stringify(first.body));
  }
  expect(await counted()).toEqual([answers! + 2, fallbacks]);
});
