import { describe, expect, it } from 'vitest';
import { isSteady } from '../../../bench/measure/steadiness.ts';

describe('when a server is warm', () => {
  it('is steady when two seconds in a row brought nothing', () => {
    expect(isSteady([1.6, 0.5, 0.3, 0.29, 0.3])).toBe(true);
  });

  it('is not steady while one of the last two seconds was cheaper than all before', () => {
    expect(isSteady([1.6, 0.5, 0.3])).toBe(false);
    expect(isSteady([1.6, 0.5, 0.3, 0.31])).toBe(false);
  });

  it('does not take a dear second for the cheapest of those before', () => {
    expect(isSteady([0.3, 0.9, 0.3, 0.31])).toBe(true);
    expect(isSteady([0.9, 0.3, 0.9])).toBe(false);
  });

  it('takes three seconds at least', () => {
    expect(isSteady([])).toBe(false);
    expect(isSteady([0.3, 0.3])).toBe(false);
    expect(isSteady([0.3, 0.3, 0.3])).toBe(true);
  });
});
