import { execute, parse } from 'graphql';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createExecutableSchema } from '../../../src/execution/schema.ts';
import { contextOver } from '../../support/ask-fast.ts';
import { buildJob, hostRow, stepData } from '../../support/build-job.ts';

const schema = createExecutableSchema({ node: true, subscription: true });

/** Groups of 19,000 hosts, 999 and one. */
const job = buildJob({
  steps: [
    stepData({
      ipResults: Array.from({ length: 20_000 }, (_none, index) =>
        hostRow({ bkHostId: String(index), tag: index < 19_000 ? 'a' : index < 19_999 ? 'b' : 'c' }),
      ),
    }),
  ],
});

let unhandled: unknown[] = [];
const note = (reason: unknown): void => void unhandled.push(reason);
beforeEach(() => {
  unhandled = [];
  process.on('unhandledRejection', note);
});
afterEach(() => {
  process.off('unhandledRejection', note);
});

const many = (field: string) =>
  Array.from({ length: 60 }, (_none, index) => `a${String(index)}: ${field}`).join(' ');

it.each([
  ['ipResultGroups(by: [TAG]) { ipResults(limit: -1) { ip } }', 'BAD_USER_INPUT'],
  ['ipResultGroups(by: [TAG]) { a: ipResults { ip } b: ipResults(limit: -1) { ip } }', 'BAD_USER_INPUT'],
  ['ipResultGroups(by: [TAG], limit: 2) { ipResults(limit: -1) { ip } }', 'BAD_USER_INPUT'],
  [`ipResultGroups(by: [TAG]) { ${many('ipResults { ip }')} }`, 'OPERATION_TOO_COMPLEX'],
  [`ipResultGroups(by: [TAG]) { ${many('ipResults(limit: 100) { ip }')} }`, 'OPERATION_TOO_COMPLEX'],
  [`steps { ipResultGroups(by: [TAG]) { ipResults(limit: -1) { ip } } }`, 'BAD_USER_INPUT'],
])(
  'a group whose hosts fail takes the list of groups with it, and nothing is left behind: %.60s',
  async (selection, code) => {
    const document = parse(`{ jobInstance(scope: {bkBizId: 1}, jobInstanceId: 100) { ${selection} } }`);
    const { data, errors } = await execute({ schema, document, contextValue: contextOver(job) });
    expect(JSON.stringify(data)).toContain('"ipResultGroups":null');
    expect(errors!.map(({ originalError }) => originalError)).toContainEqual(
      expect.objectContaining({ code }),
    );
    // Whatever still had to wait has had its turn by then.
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => void setImmediate(resolve));
    expect(unhandled).toEqual([]);
  },
);
