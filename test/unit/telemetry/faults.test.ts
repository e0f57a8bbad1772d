import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Faults, type FaultTexts } from '../../../src/telemetry/faults.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const fault = (message: string): FaultTexts => ({ type: 'Error', stack: `Error: ${message}`, message });

/** Faults while secrets are in use that take a millisecond each to be looked for. */
function createScene(secrets: readonly string[]) {
  const written: string[] = [];
  let [inUse, lookedFor] = [secrets, 0];
  function* told(values: readonly string[]) {
    for (const value of values) {
      lookedFor += 1;
      yield value;
    }
  }
  const faults = new Faults({
    secrets: () => told(inUse),
    write: ({ stack, message }, times) => written.push(`${stack} | ${message} | ${String(times)}`),
    untold: (count) => written.push(`untold ${String(count)}`),
    now: () => lookedFor,
  });
  const use = (values: readonly string[]): void => {
    inUse = values;
  };
  return { faults, written, use, lookedFor: () => lookedFor };
}

const many = Array.from({ length: 500 }, (_, at) => `secret-number-${String(at).padStart(12, '0')}`);
const last = many.at(-1)!;

describe('a fault', () => {
  it('is written at once where little is in use', () => {
    const { faults, written } = createScene(['s3cret-of-alice']);
    faults.note(fault('sent s3cret-of-alice to nobody'));
    expect(written).toEqual(['Error: sent [secret] to nobody | sent [secret] to nobody | 1']);
  });

  it('takes no more than 5 of 50 milliseconds, however much is in use, and is then written without any of it', () => {
    const { faults, written, lookedFor } = createScene(many);
    faults.note(fault(`sent ${last}`));
    for (let moments = 1; moments < 100; moments += 1) {
      expect(lookedFor()).toBe(5 * moments);
      expect(written).toEqual([]);
      vi.advanceTimersByTime(50);
    }
    vi.advanceTimersByTime(50);
    expect(written).toEqual(['Error: sent [secret] | sent [secret] | 1']);
  });

  it('is without what was in use when it happened, though that is over', () => {
    const { faults, written, use } = createScene(many);
    faults.note(fault(`sent ${last}`));
    faults.note(fault('sent s3cret-of-alice'));
    use([]);
    faults.note(fault('then'));
    vi.advanceTimersByTime(20_000);
    expect(written).toEqual([
      'Error: sent [secret] | sent [secret] | 1',
      expect.stringContaining('s3cret-of-alice'),
      'Error: then | then | 1',
    ]);
  });

  it('is one with its equals while it waits', () => {
    const { faults, written, lookedFor } = createScene(many);
    for (let times = 0; times < 1000; times += 1) faults.note(fault('again'));
    expect(lookedFor()).toBe(5);
    vi.advanceTimersByTime(5000);
    faults.note(fault('again'));
    vi.advanceTimersByTime(5000);
    expect(written).toEqual(['Error: again | again | 1000', 'Error: again | again | 1']);
  });

  it('of more than 20 kinds is counted', () => {
    const { faults, written, use } = createScene(many);
    faults.note(fault('0'));
    use([]);
    for (let kind = 1; kind < 25; kind += 1) faults.note(fault(String(kind)));
    vi.advanceTimersByTime(5000);
    expect(written).toHaveLength(21);
    expect(written.at(-1)).toBe('untold 5');
  });

  it('leaves no time to others of the same moment, and they take theirs in the next ones', () => {
    const { faults, written } = createScene(many.slice(0, 3));
    for (const message of ['one', 'two', 'three']) faults.note(fault(message));
    expect(written).toHaveLength(1);
    vi.advanceTimersByTime(50);
    expect(written).toHaveLength(3);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(100);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('at the end of the process faults that wait', () => {
  it('are written at once', () => {
    const { faults, written } = createScene(many);
    faults.note(fault(`sent ${last}`));
    faults.note(fault('again'));
    expect(written).toEqual([]);
    faults.flushNow();
    expect(written).toHaveLength(2);
    expect(written[0]).not.toContain(last);
  });

  it('are counted where that takes longer than a second', () => {
    const { faults, written } = createScene(many);
    for (const message of ['one', 'two', 'three', 'four']) faults.note(fault(message));
    faults.flushNow();
    expect(written).toEqual(['Error: one | one | 1', 'Error: two | two | 1', 'untold 2']);
  });
});
