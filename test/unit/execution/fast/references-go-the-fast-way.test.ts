import { expect, it } from 'vitest';
import { buildJob, hostRow, stepData } from '../../../support/build-job.ts';
import { askGraphqlJs, createAsk } from '../../../support/ask-fast.ts';
import { undisturbed } from '../../../support/long-work.ts';

const hosts = Array.from({ length: 30 }, (_none, index) => hostRow({ bkHostId: String(index + 1) }));
hosts.push(hostRow({ bkHostId: '7', tag: 'once more', exitCode: null }));
const job = buildJob({ steps: [stepData({ ipResults: hosts }), stepData({ stepInstanceId: '76' })] });

const selection = `__typename
  ... on JobInstance { name steps { stepInstanceId } ipResults(limit: 3) { ip id } }
  ... on StepInstance { name jobInstance { name } ipResultSummary { total } }
  ... on StepIpResult { ip exitCode step { name } }
  ... on Node { id }`;

const references = (...listed: readonly string[]): string =>
  `{ _entities(representations: [${listed.join(', ')}]) { ${selection} } }`;
const ofJob = '{ __typename: "JobInstance", bkBizId: 1, jobInstanceId: "100" }';
const ofStep = '{ __typename: "StepInstance", id: "biz:1:100:75" }';
const ofHost = '{ __typename: "StepIpResult", id: "biz:1:100:75:7" }';
const ofHostAgain = '{ __typename: "StepIpResult", id: "biz:1:100:75:7~1" }';

/** The second time that an operation is asked. */
async function answerOf(text: string): Promise<string | null> {
  const ask = createAsk(text);
  expect(await ask(job)).toBeNull();
  const bytes = await ask(job);
  return bytes === null ? null : Buffer.from(bytes).toString();
}

it.each([
  ['references to all that has an id', references(ofJob, ofStep, ofHost, ofJob)],
  ['a host twice, and once more as what it did a second time', references(ofHost, ofHost, ofHostAgain)],
  ['no references', references()],
  ['a job by its id', `{ node(id: "biz:1:100") { ${selection} } }`],
  ['a step by its id', `{ node(id: "biz:1:100:75") { ${selection} } }`],
  ['a host by its id', `{ node(id: "biz:1:100:75:7") { ${selection} } }`],
  ['an id of nothing', `{ node(id: "biz:1:100:99") { ${selection} } }`],
  ['references beside a job', `{ one: ${references(ofStep).slice(2, -2)} node(id: "biz:1:100") { id } }`],
])('%s', async (_what, text) => {
  const answer = await answerOf(text);
  expect(answer).not.toBeNull();
  expect(answer).toBe(await askGraphqlJs(text, job));
});

it.each([
  ['one reference of several leads to nothing', references(ofJob, ofStep.replace(':75', ':99'))],
  ['a reference is of another type', references('{ __typename: "Host", id: "1" }', ofJob)],
])('is left to graphql-js where %s: the others are told', async (_what, text) => {
  expect(await answerOf(text)).toBeNull();
  expect(await askGraphqlJs(text, job)).toContain('"name":"job"');
});

it('many references give others their turn whenever their time is over, and are those of graphql-js', async () => {
  const ipResults = Array.from({ length: 1200 }, (_none, index) => hostRow({ bkHostId: String(index + 1) }));
  const large = buildJob({ steps: [stepData({ ipResults })] });
  const hostReferences = Array.from({ length: 60 }, (_none, index) =>
    ofHost.replace(':7"', `:${String(index + 1)}"`),
  );
  const text = `{ _entities(representations: [${[ofJob, ...hostReferences, ofJob].join(', ')}]) {
    ... on StepIpResult { ip exitCode } ... on JobInstance { name ipResults { ip id } }
  } }`;
  const ask = createAsk(text);
  let [looks, turns] = [0, 0];
  const longWork = {
    ...undisturbed,
    isOver: () => (looks += 1) % 10 === 0,
    next: () => {
      turns += 1;
      return Promise.resolve();
    },
  };
  await ask(large);
  const bytes = await ask(large, {}, { longWork });
  expect(Buffer.from(bytes!).toString()).toBe(await askGraphqlJs(text, large));
  // The first is by far the longest, which says nothing of the others.
  expect(bytes!.buffer.byteLength).toBeLessThan(8 * bytes!.length);
  // Each reference is a piece, and each quarter of a thousand hosts.
  expect([looks, turns]).toEqual([62 + 2 * 5, 7]);
});
