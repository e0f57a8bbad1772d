import { expect, it } from 'vitest';
import { createNames } from '../../../src/telemetry/names.ts';

it('the first names are kept, and all others are one', () => {
  const nameOf = createNames(2);
  expect(['A', 'B', 'C', 'A', null, 'D', 'B'].map(nameOf)).toEqual([
    'A',
    'B',
    '(others)',
    'A',
    '(anonymous)',
    '(others)',
    'B',
  ]);
});

it('a long name takes the place of none', () => {
  const nameOf = createNames(1);
  expect(nameOf('x'.repeat(101))).toBe('(others)');
  expect(nameOf('x'.repeat(100))).toBe('x'.repeat(100));
});
