import { expect, it } from 'vitest';
import { frameMessage } from '../../../../src/server/live/message.ts';

const textOf = (pieces: readonly Uint8Array[]): string => Buffer.concat(pieces).toString();

it('a large message is the same bytes for all clients, so that those who do not read it hold it once together', () => {
  const body = Buffer.alloc(16 * 1024, 'x');
  const [one, other] = [frameMessage('{"id":"1"', body, '}'), frameMessage('{"id":"é"', body, '}')];
  expect(one[1]).toBe(body);
  expect(other[1]).toBe(body);
  expect(textOf(other)).toBe(`{"id":"é"${body.toString()}}`);
});

it('a small message is one piece, which costs less to send than it costs to copy', () => {
  const message = frameMessage('{"id":"é"', Buffer.from('"作业"'), '}');
  expect(message).toHaveLength(1);
  expect(textOf(message)).toBe('{"id":"é""作业"}');
});
