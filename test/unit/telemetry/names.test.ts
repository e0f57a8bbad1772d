import { expect, it } from 'vitest';
import { createNames } from '../../../src/telemetry/names.ts';

const noSecret = () => false;

it('the first names are counted, and all others as one', () => {
  const names = createNames(2);
  const counted = ['A', 'B', 'C', 'A', null, 'D', 'B'].map((name) => names.counted(name, noSecret));
  expect(counted).toEqual(['A', 'B', '(others)', 'A', '(anonymous)', '(others)', 'B']);
});

it('a long name takes the place of none, and is shown in part', () => {
  const names = createNames(1);
  const long = 'x'.repeat(101);
  expect(names.counted(long, noSecret)).toBe('(others)');
  expect(names.shown(long, noSecret)).toBe(`${'x'.repeat(100)}…`);
  expect(names.counted('x'.repeat(100), noSecret)).toBe('x'.repeat(100));
});

it('of a long name no more is looked through than is shown', () => {
  const names = createNames(1);
  const looked: string[] = [];
  const isSecret = (text: string) => looked.push(text) > 1;
  expect(names.shown('x'.repeat(60_000), isSecret)).toBe(`${'x'.repeat(100)}…`);
  expect(names.shown('x'.repeat(60_000), isSecret)).toBe('(withheld)');
  expect(looked).toEqual(['x'.repeat(100), 'x'.repeat(100)]);
});

it('a name that is a secret is neither counted nor shown', () => {
  const names = createNames(2);
  const isSecret = (text: string) => text === 'Zq3kQ9xT7mB2nV5cLw';
  expect(names.counted('Zq3kQ9xT7mB2nV5cLw', isSecret)).toBe('(others)');
  expect(names.shown('Zq3kQ9xT7mB2nV5cLw', isSecret)).toBe('(withheld)');
  expect(names.shown('Other', isSecret)).toBe('Other');
  expect(names.shown(null, isSecret)).toBeNull();
});
