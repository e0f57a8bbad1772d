import { describe, expect, it } from 'vitest';
import { numberOccurrences } from '../../../src/domain/host-occurrences.ts';
import { toCells } from '../../../src/domain/ip-result-rows.ts';
import { hostRow } from '../../support/build-job.ts';

const count = 500;

/** Numbers the rows of one host, each of which started at a time; tells the numbers, and how often texts were looked at. */
function numberRows(startTimeOf: (row: number) => number) {
  const rows = Array.from({ length: count }, (_, row) =>
    hostRow({ startTime: startTimeOf(row), tag: String(count - row).padStart(3, '0') }),
  );
  const { bytes, ...cells } = toCells(rows);
  let looks = 0;
  const watched = {
    ...cells,
    get bytes() {
      looks += 1;
      return bytes;
    },
  };
  return { numbers: [...numberOccurrences(watched, [count])], looks };
}

const backwards = Array.from({ length: count }, (_, row) => count - row - 1);

describe('of one host that a step has many times', () => {
  it('all that a row says is read once, however many others it is compared with', () => {
    const { numbers, looks } = numberRows(() => 1_000);
    expect(numbers).toEqual(backwards);
    expect(looks).toBeLessThan(6 * count);
  });

  it('nothing but the host and the time is read where each row has a time of its own', () => {
    const { numbers, looks } = numberRows((row) => count - row);
    expect(numbers).toEqual(backwards);
    expect(looks).toBeLessThan(2 * count);
  });
});
