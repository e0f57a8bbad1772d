import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostsOf } from '../../../src/domain/create-job-instance.ts';
import { buildJob, hostRow, stepData } from '../../support/build-job.ts';

/** A job whose steps have so many hosts each. */
function jobOf(counts: readonly number[]) {
  return buildJob({
    steps: counts.map((count, step) =>
      stepData({
        stepInstanceId: String(step + 1),
        ipResults: Array.from({ length: count }, () => hostRow()),
      }),
    ),
  });
}

describe('a row of a table', () => {
  it('belongs to the step among whose hosts it is, whichever rows are asked for before it', () => {
    const hostCounts = fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(hostCounts, fc.infiniteStream(fc.nat()), (counts, random) => {
        const { rowsOfStepOf } = hostsOf(jobOf(counts))!;
        const expected = counts.flatMap((count, step) => {
          const start = counts.slice(0, step).reduce((sum, before) => sum + before, 0);
          return Array.from({ length: count }, () => ({ position: step, start, end: start + count }));
        });
        for (let asked = 0; expected.length > 0 && asked < 40; asked += 1) {
          const row = random.next().value % expected.length;
          const { step, start, end } = rowsOfStepOf(row);
          expect({ position: step.position, start, end }).toEqual(expected[row]);
        }
      }),
    );
  });

  it('must be there', () => {
    const table = hostsOf(jobOf([2, 0, 1, 0]))!;
    expect(table.rowsOfStepOf(2).step.position).toBe(2);
    expect(() => table.rowsOfStepOf(3)).toThrow('There is no row 3.');
  });
});
