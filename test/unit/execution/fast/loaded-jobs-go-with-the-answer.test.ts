import { getOperationAST, parse } from 'graphql';
import { expect, it } from 'vitest';
import type { OperationContext } from '../../../../src/context/operation-context.ts';
import type { JobInstance } from '../../../../src/domain/job-instance.ts';
import { createRowBudget } from '../../../../src/context/row-budget.ts';
import { createLookAhead } from '../../../../src/execution/look-ahead.ts';
import { createExecutableSchema } from '../../../../src/execution/schema.ts';
import { buildJob } from '../../../support/build-job.ts';
import { newFastWay } from '../../../support/ask-fast.ts';

const lookAhead = createLookAhead(createExecutableSchema({ node: true, subscription: true }));
const document = parse('{ jobInstance(scope: {bkBizId: 1}, jobInstanceId: 100) { name } }');
const operation = getOperationAST(document)!;

/** Asks twice, since nothing is made ready at first sight. Tells what became of the second time, and how often jobs were released by then. */
async function askOf(read: () => Promise<JobInstance>) {
  let released = 0;
  const context = {
    jobInstanceLoader: {
      load: read,
      release: () => {
        released += 1;
      },
      readCount: () => 0,
    },
    lookAhead,
    rowBudget: createRowBudget(),
    report: () => undefined,
  } as Partial<OperationContext> as OperationContext;
  const fast = newFastWay();
  await fast.tryExecute({ document, operation, variables: {}, context });
  const before = released;
  const bytes = await fast.tryExecute({ document, operation, variables: {}, context });
  return { bytes, before, released };
}

it('jobs are released when all of an answer stands in its bytes', async () => {
  const { bytes, before, released } = await askOf(() => Promise.resolve(buildJob({ name: 'mine' })));
  expect(Buffer.from(bytes!).toString()).toBe('{"data":{"jobInstance":{"name":"mine"}}}\n');
  expect(before).toBe(0);
  expect(released).toBe(1);
});

it('jobs stay where graphql-js is to make the answer of them', async () => {
  const { bytes, released } = await askOf(() => Promise.reject(new Error('broken')));
  expect(bytes).toBeNull();
  expect(released).toBe(0);
});
