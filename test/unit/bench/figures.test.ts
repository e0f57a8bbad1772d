import { describe, expect, it } from 'vitest';
import type { Measurement } from '../../../bench/measure/rounds.ts';
import { median, seriesOf } from '../../../bench/report/figures.ts';

function measured(contender: string, round: number, cpuMilliseconds: number): Measurement {
  const others = {
    answersPerSecond: 1,
    p50: 1,
    p99: 1,
    peakMebibytes: 1,
    upstreamCalls: 1,
    failed: 0,
    failedPerSecond: 0,
  };
  return { workload: 'W1', contender, round, cpuMilliseconds, ...others };
}

describe('figures of the benchmark', () => {
  it('take the middle of an odd and of an even count', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 9, 2])).toBe(3);
    expect(median([])).toBeNaN();
  });

  it('compare each round with the same round of the base, not middle with middle', () => {
    const all = [
      measured('base', 0, 1),
      measured('base', 1, 10),
      measured('base', 2, 2),
      measured('ours', 0, 3),
      measured('ours', 1, 20),
      measured('ours', 2, 8),
    ];
    const ours = seriesOf(all, 'W1', 'ours');
    expect(ours.ratio('cpuMilliseconds', seriesOf(all, 'W1', 'base'))).toEqual([3, 2, 4]);
    expect(ours.spread('cpuMilliseconds')).toEqual([3, 20]);
  });
});
