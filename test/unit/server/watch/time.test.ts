import { expect, it } from 'vitest';
import {
  formatAge,
  formatDuration,
  formatMoment,
  serviceClock,
} from '../../../../src/server/watch/page/time.ts';

it.each([
  [-5, '0.0 s'],
  [400, '0.4 s'],
  [12_900, '12 s'],
  [185_000, '3 min 05 s'],
  [7_800_000, '2 h 10 min'],
  [273_600_000, '3 d 4 h'],
])('%i ms is told as %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

it.each([
  [900, 'just now'],
  [3900, '3 s ago'],
  [65_000, '1 min 05 s ago'],
])('an age of %i ms is told as %s', (ms, text) => {
  expect(formatAge(ms)).toBe(text);
});

it('a moment of another day is told with its day', () => {
  const now = new Date(2026, 0, 2, 12);
  expect(formatMoment(null, now)).toBe('–');
  expect(formatMoment(new Date(2026, 0, 2, 9, 5, 7).toISOString(), now)).toMatch(/^0?9:05:07$/);
  expect(formatMoment(new Date(2026, 0, 1, 9, 5, 7).toISOString(), now)).toMatch(/2026.* 0?9:05:07$/);
});

it('the clock of the service goes on from what the last message told, whatever this machine believes', () => {
  let elapsed = 1000;
  const clock = serviceClock('2001-02-03T04:05:06.000Z', () => elapsed);
  elapsed = 3500;
  expect(new Date(clock.now()).toISOString()).toBe('2001-02-03T04:05:08.500Z');
});
