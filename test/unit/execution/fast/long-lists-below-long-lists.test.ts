import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { JobInstance } from '../../../../src/domain/job-instance.ts';
import { askGraphqlJs, createAsk, newFastWay } from '../../../support/ask-fast.ts';
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

/** Lists of hosts below hosts of lists, in any order and depth; few of the hosts are of those that have others below. */
const { hosts } = fc.letrec<{ readonly hosts: string; readonly fields: string }>((tie) => ({
  hosts: fc
    .tuple(fc.constantFrom('(status: [SUCCEEDED])', '(status: [FAILED])', ''), tie('fields'))
    .map(([kept, fields]) =>
      kept === '(status: [SUCCEEDED])'
        ? `ipResults${kept} { ${fields} }`
        : `ipResults${kept} { ip statusCode }`,
    ),
  fields: fc.oneof(
    { maxDepth: 2 },
    fc.constant('ip'),
    fc
      .array(tie('hosts'), { minLength: 1, maxLength: 2 })
      .map(
        (lists) =>
          `tag step { ${lists.map((list, place) => `list${String(place)}: ${list}`).join(' ')} } status`,
      ),
  ),
}));

it('lists of any length below each other are those of graphql-js', async () => {
  const read = jobWithCrowdedStep();
  let answered = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(hosts, { minLength: 1, maxLength: 2 }), async (lists) => {
      const named = lists.map((list, place) => `list${String(place)}: ${list}`).join(' ');
      const text = `{ ${job} { ${named} } }`;
      const ask = createAsk(text);
      await ask(read);
      const bytes = await ask(read);
      const expected = await askGraphqlJs(text, read);
      // What asks for too many hosts is refused, and graphql-js is to say so.
      const isRefused = expected.startsWith('{"errors"');
      expect(bytes === null).toBe(isRefused);
      if (bytes === null) return;
      answered += 1;
      expect(Buffer.from(bytes).toString() === expected).toBe(true);
    }),
    { numRuns: 20 },
  );
  expect(answered).toBeGreaterThan(3);
});

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
