import { expect, it } from 'vitest';
import type { JobInstance } from '../../../../src/domain/job-instance.ts';
import { createAsk, newFastWay } from '../../../support/ask-fast.ts';
import { buildJob, hostRow, stepData } from '../../../support/build-job.ts';

const job = 'jobInstance(scope: {bkBizId: 1}, jobInstanceId: 100)';

/** Many steps of few hosts that succeeded, and one of many of which one did. */
function jobWithCrowdedStep(): JobInstance {
  const few = Array.from({ length: 11 }, (_none, place) => hostRow({ bkHostId: String(place + 1) }));
  const many = Array.from({ length: 1100 }, (_none, place) =>
    hostRow({ bkHostId: String(place + 1), statusCode: place === 5 ? 9 : 11 }),
  );
  const steps = Array.from({ length: 100 }, (_none, place) =>
    stepData({ stepInstanceId: String(place + 1), ipResults: few }),
  );
  return buildJob({ steps: [...steps, stepData({ stepInstanceId: '200', ipResults: many })] });
}

function jobWithSecrets(): JobInstance {
  const ipResults = Array.from({ length: 12_000 }, () => hostRow({ tag: 'secret of another' }));
  return buildJob({ steps: [stepData({ ipResults })] });
}

it('A long list below a host of a long list is written where it belongs, and nothing of others beside it', async () => {
  const fast = newFastWay();
  const askOther = createAsk(`{ ${job} { ipResults { tag } } }`, fast);
  const ask = createAsk(
    `{ ${job} { ipResults(status: [SUCCEEDED]) { step { ipResults { statusCode } } } } }`,
    fast,
  );
  const other = jobWithSecrets();
  for (let time = 0; time < 3; time += 1) {
    const bytes = await askOther(other);
    if (bytes !== null) fast.sent(bytes);
  }
  const mine = jobWithCrowdedStep();
  await ask(mine);
  const bytes = await ask(mine);
  const succeeded = mine.steps.flatMap(({ ipResults }) =>
    Array.from(ipResults).filter(({ statusCode }) => statusCode === 9),
  );
  expect(succeeded).toHaveLength(1101);
  const ipResults = succeeded.map(({ step }) => ({
    step: { ipResults: Array.from(step.ipResults, ({ statusCode }) => ({ statusCode })) },
  }));
  const text = Buffer.from(bytes!).toString();
  expect(text).not.toContain('secret');
  expect(text === `${JSON.stringify({ data: { jobInstance: { ipResults } } })}\n`).toBe(true);
});
