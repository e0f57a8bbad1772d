import { describe, expect, it } from 'vitest';
import { ConnectionIds, SentIds } from '../../../src/upstream/sent-ids.ts';

/** A connection on which nothing was sent. */
const fresh = new ConnectionIds();

const named = (id: string): string[] => ['accept', 'x-request-id', 'X-Request-Id', id];

describe('the number of a request', () => {
  it('is the one that it brings, in whatever letters its name is', () => {
    const headers = named('request-1');
    expect(new SentIds().idOf(headers)).toBe('request-1');
    expect(headers).toEqual(named('request-1'));
  });

  it('is one of its own where it brings none, and goes along', () => {
    const ids = new SentIds();
    const requests = [['accept', '*/*'], [], []];
    const made = requests.map((headers) => ids.idOf(headers));
    expect(new Set(made).size).toBe(requests.length);
    expect(requests).toEqual([
      ['accept', '*/*', 'x-request-id', made[0]],
      ['x-request-id', made[1]],
      ['x-request-id', made[2]],
    ]);
    // What a gateway honours and an error may tell (upstream contract 1.3).
    for (const id of made) expect(id).toMatch(/^[\w.-]{8,64}$/);
    expect(new SentIds().idOf([])).not.toBe(made[0]);
  });
});

describe('an answer', () => {
  it.each<[string, string | string[] | undefined, boolean]>([
    ['the same request', 'mine', false],
    ['no request', undefined, false],
    ['a number that a gateway made', 'made-by-the-gateway', false],
    ['numbers that gateways made', ['made-by-one', 'made-by-another'], false],
    ['the same request beside another', ['theirs', 'mine'], false],
    ['another request', 'theirs', true],
    ['another request beside a number that a gateway made', ['made-by-the-gateway', 'theirs'], true],
  ])('that names %s is of another one: %s %s', (_what, answered, isOfAnother) => {
    const ids = new SentIds();
    for (const id of ['theirs', 'mine']) ids.idOf(named(id));
    expect(ids.isOfAnother(answered, 'mine', fresh)).toBe(isOfAnother);
  });

  it('is told from others by the whole of its number', () => {
    const ids = new SentIds();
    // Each two of them have one hash.
    for (const id of ['Aa-1', 'BB-2', 'mine']) ids.idOf(named(id));
    expect(['Aa-1', 'BB-1', 'Aa-2', 'BB-2'].map((id) => ids.isOfAnother(id, 'mine', fresh))).toEqual([
      true,
      false,
      false,
      true,
    ]);
    for (const id of ['AaBB', 'BBAa']) ids.idOf(named(id));
    expect(['AaBB', 'BBAa', 'AaAa'].map((id) => ids.isOfAnother(id, 'mine', fresh))).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('is known by the last 512 numbers, of which a number that comes in a row takes one place', () => {
    const ids = new SentIds();
    const send = (count: number, nameOf: (at: number) => string): void => {
      for (let at = 0; at < count; at += 1) ids.idOf(named(nameOf(at)));
    };
    send(1, () => 'theirs');
    send(510, (at) => `one-${String(at)}`);
    send(10, () => 'mine');
    expect(ids.isOfAnother('theirs', 'mine', fresh)).toBe(true);
    send(1, () => 'one more');
    expect(ids.isOfAnother('theirs', 'mine', fresh)).toBe(false);
    expect(ids.isOfAnother('one-0', 'mine', fresh)).toBe(true);
  });

  it('is known by the last 16 numbers on its connection, whatever was sent elsewhere', () => {
    const ids = new SentIds();
    const onConnection = new ConnectionIds();
    const isTheirs = (): boolean => ids.isOfAnother(['by-the-gateway', 'theirs'], 'mine', onConnection);
    onConnection.remember('theirs');
    for (let at = 0; at < 14; at += 1) onConnection.remember(`one-${String(at)}`);
    for (let time = 0; time < 10; time += 1) onConnection.remember('mine');
    expect(isTheirs()).toBe(true);
    onConnection.remember('one more');
    expect(isTheirs()).toBe(false);
  });
});
