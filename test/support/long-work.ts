import type { LongWork } from '../../src/event-loop/turns.ts';

/** Long work where nobody else is there: it always has time. */
export const undisturbed: LongWork = {
  isOver: () => false,
  next: () => Promise.resolve(),
  take: () => null,
  takeFor: () => null,
};
