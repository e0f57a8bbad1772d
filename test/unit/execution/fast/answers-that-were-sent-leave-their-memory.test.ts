import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JobInstance } from '../../../../src/domain/job-instance.ts';
import type { FastExecution } from '../../../../src/execution/fast/fast-execution.ts';
import { createAsk, newFastWay } from '../../../support/ask-fast.ts';
import { buildJob, hostRow, stepData } from '../../../support/build-job.ts';

const query = '{ jobInstance(scope: {bkBizId: 1}, jobInstanceId: 100) { name ipResults { ip tag } } }';

/** A job of which every host says its number. */
function jobNumbered(number: number, hosts: number): JobInstance {
  const ipResults = Array.from({ length: hosts }, (_none, index) =>
    hostRow({ ip: `10.0.${String(index >> 8)}.${String(index & 255)}`, tag: `job-${String(number)}` }),
  );
  return buildJob({ hostDetailRead: true, steps: [stepData({ ipResults })] });
}

function answerTo(job: JobInstance): string {
  const ipResults = job.steps.flatMap(({ ipResults: rows }) => [...rows].map(({ ip, tag }) => ({ ip, tag })));
  return `${JSON.stringify({ data: { jobInstance: { name: job.name, ipResults } } })}\n`;
}

interface Asking {
  readonly fast: FastExecution;
  readonly ask: (read: JobInstance) => Promise<Uint8Array>;
}

/** The fast way of one operation, which is warm. */
async function startAsking(): Promise<Asking> {
  const fast = newFastWay();
  const tryToAsk = createAsk(query, fast);
  for (const hosts of [1_200, 1_200]) await tryToAsk(jobNumbered(0, hosts));
  return {
    fast,
    ask: async (read) => {
      const bytes = await tryToAsk(read);
      if (bytes === null) throw new TypeError('It did not go the fast way.');
      return bytes;
    },
  };
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

describe('an answer that was sent', () => {
  it('leaves its memory to the next one, which shows nothing of it', async () => {
    const { fast, ask } = await startAsking();
    const first = await ask(jobNumbered(1, 1_500));
    fast.sent(first);
    first.fill(0xff);
    const job = jobNumbered(2, 1_400);
    const next = await ask(job);
    expect(next.buffer).toBe(first.buffer);
    expect(textOf(next)).toBe(answerTo(job));
  });

  it('keeps its memory where others who share it have not said so', async () => {
    const { fast, ask } = await startAsking();
    const job = jobNumbered(1, 1_500);
    const [one, other] = await Promise.all([ask(job), ask(job)]);
    expect(other.buffer).toBe(one.buffer);
    fast.sent(one);
    fast.sent(one);
    await ask(jobNumbered(2, 1_500));
    expect(textOf(other)).toBe(answerTo(job));
    fast.sent(other);
    expect((await ask(jobNumbered(3, 1_500))).buffer).toBe(one.buffer);
  });

  it('is not what an equal operation over the same read is given later', async () => {
    const { fast, ask } = await startAsking();
    const job = jobNumbered(1, 1_500);
    const first = await ask(job);
    fast.sent(first);
    first.fill(0xff);
    expect(textOf(await ask(job))).toBe(answerTo(job));
  });
});

it('whoever asks and whoever has sent, in whatever order, nobody finds anything of others', async () => {
  const step = fc.oneof(
    fc.record({ ask: fc.nat(5), together: fc.integer({ min: 1, max: 3 }) }),
    fc.record({ sent: fc.nat(9) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 16 }), async (steps) => {
      const { fast, ask } = await startAsking();
      const jobs = [40, 300, 900, 1_001, 1_500, 2_300].map((hosts, number) => jobNumbered(number, hosts));
      const held: { readonly bytes: Uint8Array; readonly expected: string }[] = [];
      for (const one of steps) {
        if ('ask' in one) {
          const job = jobs[one.ask]!;
          const asked = await Promise.all(Array.from({ length: one.together }, () => ask(job)));
          for (const bytes of asked) held.push({ bytes, expected: answerTo(job) });
        } else {
          const [gone] = held.splice(one.sent % Math.max(1, held.length), 1);
          if (gone !== undefined) fast.sent(gone.bytes);
        }
        for (const { bytes, expected } of held) expect(textOf(bytes)).toBe(expected);
      }
    }),
    { numRuns: 30 },
  );
});
