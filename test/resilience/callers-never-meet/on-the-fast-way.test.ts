import { describe, it } from 'vitest';
import { expectNoLeaks } from '../../support/isolation/expect-no-leaks.ts';
import { waysIn } from '../../support/isolation/ways-in.ts';

describe('callers that are hard to tell apart, answered from the bytes of bk-job,', () => {
  it.each(waysIn.filter(({ execution }) => execution === 'the fast way'))(
    'never get what was meant for another, nor what was true before they asked: $name',
    expectNoLeaks,
  );
});
