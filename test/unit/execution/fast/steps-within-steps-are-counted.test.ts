import { expect, it } from 'vitest';
import { askGraphqlJs, createAsk } from '../../../support/ask-fast.ts';
import { buildJob, stepData } from '../../../support/build-job.ts';

const job = buildJob({
  steps: Array.from({ length: 60 }, (_none, place) => stepData({ stepInstanceId: String(place + 1) })),
});

const twice =
  '{ jobInstance(scope: {bkBizId: 1}, jobInstanceId: 100) { steps { jobInstance { steps { name } } } } }';
const thrice = twice.replace('name', 'jobInstance { steps { name } }');

it('the steps of a job can be asked for within its steps', async () => {
  const ask = createAsk(twice);
  await ask(job);
  const expected = await askGraphqlJs(twice, job);
  expect(expected.match(/"name"/g)).toHaveLength(3600);
  expect(Buffer.from((await ask(job)) ?? '').toString()).toBe(expected);
});

it('but not so often that they become hundreds of thousands', async () => {
  const ask = createAsk(thrice);
  await ask(job);
  expect(await ask(job)).toBeNull();
  expect(await askGraphqlJs(thrice, job)).toContain(
    'The request goes through more hosts or steps than one may.',
  );
});

it('nor are they gone through so often where a condition keeps none', async () => {
  const none = Array.from(
    { length: 300 },
    (_none, place) => `a${String(place)}: steps(phase: [FAILED]) { name }`,
  );
  const asked = twice.replace('steps { name }', none.join(' '));
  expect(await askGraphqlJs(asked, job)).toContain(
    'The request goes through more hosts or steps than one may.',
  );
});
