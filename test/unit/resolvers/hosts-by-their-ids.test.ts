import { execute, parse } from 'graphql';
import { expect, it } from 'vitest';
import { createExecutableSchema } from '../../../src/execution/schema.ts';
import { contextOver } from '../../support/ask-fast.ts';
import { buildJob, hostRow, stepData } from '../../support/build-job.ts';
import { undisturbed } from '../../support/long-work.ts';

const schema = createExecutableSchema({ node: true, subscription: true });
const document = parse(
  'query($references: [_Any!]!) { _entities(representations: $references) { ... on StepIpResult { bkHostId } } }',
);
const hostCount = 2000;
const ipResults = Array.from({ length: hostCount }, (_, index) => hostRow({ bkHostId: String(index + 1) }));
const read = buildJob({ hostDetailRead: true, steps: [stepData({ stepInstanceId: '75', ipResults })] });

it('hosts that are looked for by their ids are gone through once, counted and in their turn', async () => {
  const turns: number[] = [];
  let begin = (): void => undefined;
  const turn = new Promise<void>((resolve) => (begin = resolve));
  const takeFor = (rows: number): Promise<void> | null => {
    if (rows < hostCount) return null;
    turns.push(rows);
    return turn;
  };
  const contextValue = { ...contextOver(read), longWork: { ...undisturbed, takeFor } };
  const references = ['7', '1999', '7', '2001'].map((host) => ({
    __typename: 'StepIpResult',
    id: `biz:1:100:75:${host}`,
  }));
  const asked = Promise.resolve(execute({ schema, document, contextValue, variableValues: { references } }));
  await contextValue.jobInstanceLoader.load(read, { hostDetail: true });
  begin();
  const { data, errors } = await asked;
  expect(JSON.parse(JSON.stringify(data))).toEqual({
    _entities: [{ bkHostId: '7' }, { bkHostId: '1999' }, { bkHostId: '7' }, null],
  });
  expect(errors).toMatchObject([{ path: ['_entities', 3] }]);
  expect(turns).toHaveLength(1);
  expect(contextValue.rowBudget.spent).toBeGreaterThanOrEqual(hostCount / 10);
});
