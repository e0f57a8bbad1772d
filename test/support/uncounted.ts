import type { UntakenAnswers } from '../../src/server/untaken-answers.ts';

/** For a route of which nobody counts what its clients do not take. */
export const uncounted: Pick<UntakenAnswers, 'assertRoomFor' | 'handedOver'> = {
  assertRoomFor: () => undefined,
  handedOver: () => undefined,
};
