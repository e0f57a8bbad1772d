import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ReadBuffers } from '../../../src/upstream/read-buffers.ts';

const large = 20 * 1024;

interface TestSocket {
  /** Reads so many bytes of one value; what is handed on. */
  read(count: number, value: number): Buffer;
}

/** As Node reads into memory that it is given. */
function socketOver(buffers: ReadBuffers): TestSocket {
  const pieces: Buffer[] = [];
  const reading = buffers.reading((piece) => pieces.push(piece) > 0);
  const next = (): Uint8Array => (typeof reading.buffer === 'function' ? reading.buffer() : reading.buffer);
  let current = next();
  return {
    read: (count, value) => {
      current.fill(value, 0, count);
      reading.callback(count, current);
      current = next();
      return pieces.pop()!;
    },
  };
}

const isAll = (piece: Buffer, value: number): boolean => piece.every((byte) => byte === value);

it('memory is read into again once the body that ends in it was copied, and not before', () => {
  const buffers = new ReadBuffers(4);
  const socket = socketOver(buffers);
  const first = socket.read(large, 1);
  const second = socket.read(large, 2);
  expect(second.buffer).not.toBe(first.buffer);
  buffers.giveBack(first);
  socket.read(large, 3);
  expect(socket.read(large, 4).buffer).toBe(first.buffer);
  expect(isAll(second, 2)).toBe(true);
});

it('memory in which something stands behind the body is never read into again', () => {
  const buffers = new ReadBuffers(4);
  const socket = socketOver(buffers);
  const piece = socket.read(large, 1);
  buffers.giveBack(piece.subarray(0, large - 1));
  expect(buffers.free).toBe(0);
});

it('what is copied twice, or was never lent, adds no memory', () => {
  const buffers = new ReadBuffers(4);
  const piece = socketOver(buffers).read(large, 1);
  buffers.giveBack(piece);
  buffers.giveBack(piece);
  buffers.giveBack(Buffer.alloc(large));
  expect(buffers.free).toBe(1);
});

it('whatever several sockets read, what somebody holds stays as it was, and no more is kept than may be', () => {
  const step = fc.record({
    socket: fc.nat(2),
    count: fc.oneof(fc.integer({ min: 1, max: 64 * 1024 }), fc.constant(large)),
    then: fc.constantFrom('copied', 'held', 'copied but for its end'),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const buffers = new ReadBuffers(2);
      const sockets = [socketOver(buffers), socketOver(buffers), socketOver(buffers)];
      const held: { readonly piece: Buffer; readonly value: number }[] = [];
      for (const [index, { socket, count, then }] of steps.entries()) {
        const value = index + 1;
        const piece = sockets[socket]!.read(count, value);
        expect(piece.length).toBe(count);
        expect(isAll(piece, value)).toBe(true);
        if (then === 'copied') buffers.giveBack(piece);
        else held.push({ piece, value });
        if (then === 'copied but for its end') buffers.giveBack(piece.subarray(0, count - 1));
        expect(buffers.free).toBeLessThanOrEqual(2);
      }
      for (const { piece, value } of held) expect(isAll(piece, value)).toBe(true);
    }),
    { numRuns: 100 },
  );
});
