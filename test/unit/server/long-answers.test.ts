import { describe, expect, it } from 'vitest';
import type { WrittenAnswer } from '../../../src/context/written-answer.ts';
import { JobApiError } from '../../../src/domain/errors.ts';
import { LongAnswers } from '../../../src/server/long-answers.ts';
import { clientLeft } from '../../../src/server/request-signal.ts';

const rows = Array.from({ length: 3000 }, (_, index) => ({ index, ip: '10.0.0.1' }));

/** An operation whose one turn comes when the test says so. */
function createOperation() {
  const written: WrittenAnswer = { bytes: null, listener: null, charge: null, place: null };
  let begin = (): void => undefined;
  const turn = new Promise<void>((resolve) => (begin = resolve));
  let looks = 0;
  const longWork = { isOver: () => (looks += 1) === 1, next: () => turn };
  const request = new AbortController();
  const { signal } = request;
  return {
    written,
    begin,
    looks: () => looks,
    abort: (reason: JobApiError) => {
      request.abort(reason);
    },
    noted: { written, longWork, signal },
  };
}

describe('a long answer', () => {
  it('ends with a new line, as every other one', async () => {
    const answers = new LongAnswers();
    const { written, begin, noted } = createOperation();
    const data = { rows };
    answers.note(data, noted);
    const text = answers.stringifyResult({ data });
    await Promise.resolve();
    expect(written.bytes).toBeNull();
    begin();
    expect(await text).toBe('');
    expect(Buffer.from(written.bytes ?? []).toString()).toBe(`${JSON.stringify({ data })}\n`);
  });

  it('that cannot be written fails', async () => {
    const answers = new LongAnswers();
    const { begin, noted } = createOperation();
    const data = { rows, big: 1n };
    answers.note(data, noted);
    begin();
    await expect(answers.stringifyResult({ data })).rejects.toThrow(TypeError);
  });

  it('is written no further once its client has left', async () => {
    const answers = new LongAnswers();
    const { written, begin, looks, abort, noted } = createOperation();
    const data = { rows };
    answers.note(data, noted);
    const text = answers.stringifyResult({ data });
    abort(clientLeft);
    begin();
    await expect(text).rejects.toBe(clientLeft);
    expect([written.bytes, looks()]).toEqual([null, 1]);
  });

  it('is written to its end where the time is over meanwhile: all of its fields are there', async () => {
    const answers = new LongAnswers();
    const { written, begin, abort, noted } = createOperation();
    const data = { rows };
    answers.note(data, noted);
    const text = answers.stringifyResult({ data });
    abort(new JobApiError('UPSTREAM_TIMEOUT'));
    begin();
    expect(await text).toBe('');
    expect(Buffer.from(written.bytes ?? []).toString()).toBe(`${JSON.stringify({ data })}\n`);
  });

  it('is none where it has few values, or is another one', () => {
    const answers = new LongAnswers();
    const { noted } = createOperation();
    const data = { rows: rows.slice(0, 10) };
    answers.note(data, noted);
    expect(answers.stringifyResult({ data })).toBeNull();
    expect(answers.stringifyResult({ errors: [] })).toBeNull();
  });
});
