import { describe, it } from 'vitest';
import { expectNoLeaks } from '../../support/isolation/expect-no-leaks.ts';
import { waysIn } from '../../support/isolation/ways-in.ts';

describe('callers that are hard to tell apart, who follow the same jobs,', () => {
  it.each(waysIn.filter(({ execution }) => execution === 'following'))(
    'never get what was meant for another, nor what was true before they asked: $name',
    expectNoLeaks,
  );
});
