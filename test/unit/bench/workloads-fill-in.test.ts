import { describe, expect, it } from 'vitest';
import { fillIn } from '../../../bench/fill-in.ts';

describe('requests of a workload', () => {
  it('carry their jobs', () => {
    expect(fillIn('{ a(id: "@0@") b(id: "@1@") c(id: "@0@") }', [7, 8])).toBe(
      '{ a(id: "7") b(id: "8") c(id: "7") }',
    );
  });
});
