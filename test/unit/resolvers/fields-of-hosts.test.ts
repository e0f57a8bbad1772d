import { expect, it, vi } from 'vitest';
import { ipResultsOfJob } from '../../../src/domain/ip-result-access.ts';
import { summarizeJob } from '../../../src/domain/ip-result-summary.ts';
import { fieldsOfHosts } from '../../../src/resolvers/fields-of-hosts.ts';
import { contextOver } from '../../support/ask-fast.ts';
import { buildJob, hostRow, stepData } from '../../support/build-job.ts';
import { undisturbed } from '../../support/long-work.ts';

const job = buildJob({ steps: [stepData({ ipResults: [hostRow(), hostRow({ bkHostId: '7' })] })] });
const fields = fieldsOfHosts({ hostsOf: ipResultsOfJob, summarize: summarizeJob });
const info = { fieldNodes: [], fragments: {} };
const filter = { bkHostId: ['7', '8', '9'], exitCode: [0] };

/** What a field says that it goes through: hosts and values, and a tenth of each host, which the budget has counted before. */
function rowsFor(ask: (context: ReturnType<typeof contextOver>) => unknown): unknown {
  const takeFor = vi.fn(() => null);
  const found = ask({ ...contextOver(job), longWork: { ...undisturbed, takeFor } });
  expect(found).toBeDefined();
  return takeFor.mock.calls;
}

it('a field takes a turn for its hosts and for the values that it looks for among them', () => {
  const page = { filter, orderBy: 'HOST_ASC', first: 1 } as const;
  const grouping = { filter, by: ['TAG'], limit: 1 } as const;
  expect(rowsFor((context) => fields.ipResults(job, { filter, phase: [] }, context, info))).toEqual([[6.2]]);
  expect(rowsFor((context) => fields.ipResultConnection(job, page, context, info))).toEqual([[6.2]]);
  expect(rowsFor((context) => fields.ipResultGroups(job, grouping, context, info))).toEqual([[6.2]]);
  expect(rowsFor((context) => fields.ipResultSummary(job, {}, context, info))).toEqual([[2.2]]);
});
