import { expect, it } from 'vitest';
import { AnswerBuffer } from '../../../../src/execution/fast/answer-buffer.ts';
import { HostsWriter, writeHosts } from '../../../../src/execution/fast/host-lists.ts';
import { writeLateValues } from '../../../../src/execution/fast/late-values.ts';
import type { Run } from '../../../../src/execution/fast/run.ts';
import { ReusedMemory } from '../../../../src/memory/reused-memory.ts';
import { contextOver } from '../../../support/ask-fast.ts';
import { buildJob, hostRow, stepData } from '../../../support/build-job.ts';

const job = buildJob({ steps: [stepData({ ipResults: Array.from({ length: 1500 }, () => hostRow()) })] });
const hosts = job.steps[0]!.ipResults;

it('long lists give others their turn whenever their time is over, and are whole', async () => {
  const out = new AnswerBuffer(0, new ReusedMemory(0));
  const writer = new HostsWriter([]);
  let pieces = 0;
  const turnsAfter: number[] = [];
  const turn = (): Promise<void> => {
    turnsAfter.push(pieces);
    return Promise.resolve();
  };
  const longWork = {
    isOver: () => {
      pieces += 1;
      return pieces % 5 === 0;
    },
    next: turn,
    take: turn,
    takeFor: turn,
  };
  const context = { ...contextOver(job), longWork };
  const run: Run = { out, context, variables: {}, rootValue: null, lateValues: [] };
  writeHosts(run, hosts, writer);
  writeHosts(run, hosts, writer);
  await writeLateValues(run, 0);
  expect(JSON.parse(`[${Buffer.from(run.out.written()).toString().replace('][', '],[')}]`)).toEqual(
    [1, 2].map(() => Array.from({ length: 1500 }, () => ({}))),
  );
  expect(turnsAfter).toEqual([5, 10]);
});
