import { expect, it } from 'vitest';
import { AnswerBuffer } from '../../../../src/execution/fast/answer-buffer.ts';
import { fillLongLists, HostsWriter } from '../../../../src/execution/fast/host-lists.ts';
import { ReusedMemory } from '../../../../src/memory/reused-memory.ts';
import { contextOver } from '../../../support/ask-fast.ts';
import { buildJob, hostRow, stepData } from '../../../support/build-job.ts';

const job = buildJob({ steps: [stepData({ ipResults: Array.from({ length: 1500 }, () => hostRow()) })] });
const hosts = job.steps[0]!.ipResults;

it('long lists give others their turn whenever their time is over, and are whole', async () => {
  const out = new AnswerBuffer(0, new ReusedMemory(0));
  const long = { at: 0, hosts, writer: new HostsWriter([]) };
  const run = {
    out,
    context: contextOver(job),
    variables: {},
    rootValue: null,
    longLists: [long, long],
    isFilling: false,
  };
  const pausedAt: number[] = [];
  let at = 0;
  await fillLongLists(run, {
    now: () => (at += 1),
    pause: () => {
      pausedAt.push(at);
      return Promise.resolve();
    },
  });
  expect(JSON.parse(`[${Buffer.from(run.out.written()).toString().replace('][', '],[')}]`)).toEqual(
    [1, 2].map(() => Array.from({ length: 1500 }, () => ({}))),
  );
  // Twelve pieces, with a look at the clock behind each, and one when it begins, after each turn of others and at the end.
  expect(pausedAt).toEqual([5, 10, 15, 17]);
});
