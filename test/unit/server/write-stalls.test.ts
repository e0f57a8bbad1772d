import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createWriteStalls, type SendingSocket, type Stillness } from '../../../src/server/write-stalls.ts';
import { createManualClock, type ManualClock } from '../../support/manual-clock.ts';

const timeout = 1000;

/** A socket of Node (20) before a client: when it says that nothing moves, and what it tells of what it has written. */
class NodeSocket implements SendingSocket {
  bytesWritten = 0;
  looks = 0;
  readonly #clock: ManualClock;
  readonly #quiet: () => void;
  /** The pieces that wait, the first of which is under way. */
  readonly #pieces: number[] = [];
  #taken = 0;
  #seen = 0;
  #period = 0;
  #stop = (): void => undefined;

  constructor(clock: ManualClock, quiet: () => void) {
    this.#clock = clock;
    this.#quiet = quiet;
  }

  get writableLength(): number {
    return this.#pieces.reduce((sum, piece) => sum + piece, 0);
  }

  write(bytes: number): void {
    this.bytesWritten += bytes;
    if (this.#pieces.push(bytes) === 1) this.#send();
  }

  /** The client, or the system for it, takes so much. */
  take(bytes: number): void {
    const [first] = this.#pieces;
    if (first === undefined) return;
    this.#taken = Math.min(first, this.#taken + bytes);
    if (this.#taken < first) return;
    this.#pieces.shift();
    this.#taken = 0;
    this.#seen = 0;
    this.#restart();
    if (this.#pieces.length > 0) this.#send();
  }

  setTimeout(milliseconds: number): void {
    this.#period = milliseconds;
    this.#restart();
  }

  end(): void {
    this.#stop();
  }

  #send(): void {
    this.#seen = this.#pieces[0] ?? 0;
    this.#restart();
  }

  #restart(): void {
    this.#stop();
    if (this.#period > 0) this.#stop = this.#clock.after(this.#period, () => this.#onTimeout());
  }

  #onTimeout(): void {
    this.looks += 1;
    const left = (this.#pieces[0] ?? 0) - this.#taken;
    if (this.#seen > 0 && this.#seen !== left) {
      this.#seen = left;
      this.#restart();
    } else this.#quiet();
  }
}

/** A connection that is ended like those of the server; `endedAt` is null while it is not. */
function open() {
  const clock = createManualClock();
  const stalls = createWriteStalls(timeout, () => clock.now());
  const still: Stillness = { parts: 0, at: 0, taken: 0 };
  const connection = { endedAt: null as number | null };
  const socket: NodeSocket = new NodeSocket(clock, () => {
    if (!stalls.hasStalled(socket, still)) return;
    connection.endedAt = clock.now();
    socket.end();
  });
  return { clock, stalls, socket, connection };
}

describe('a client that takes nothing', () => {
  const steps = fc.array(
    fc.record({
      pause: fc.integer({ min: 0, max: timeout - 1 }),
      taken: fc.integer({ min: 1, max: 40 }),
      written: fc.integer({ min: 0, max: 40 }),
    }),
    { maxLength: 30 },
  );

  it('is ended when the time is over since it took something, a quarter of it later at most, and never before', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 100 }), (taking, first) => {
        const { clock, stalls, socket, connection } = open();
        stalls.watch(socket);
        socket.write(first);
        for (const { pause, taken, written } of taking) {
          clock.pass(pause);
          if (written > 0) socket.write(written);
          socket.take(taken);
        }
        expect(connection.endedAt).toBeNull();
        socket.write(1000);
        socket.take(1);
        const tookAt = clock.now();
        clock.pass(2 * timeout);
        const late = connection.endedAt! - tookAt;
        expect(late).toBeGreaterThanOrEqual(timeout);
        expect(late).toBeLessThanOrEqual(timeout * 1.25);
      }),
    );
  });
});

it('a client that has taken everything is not ended, however long the next piece is in coming', () => {
  const { clock, stalls, socket, connection } = open();
  stalls.watch(socket);
  socket.write(10);
  socket.take(10);
  clock.pass(20 * timeout);
  socket.write(10);
  socket.take(10);
  clock.pass(0.9 * timeout);
  expect(connection.endedAt).toBeNull();
});

it('nobody looks after an answer that goes out at once', () => {
  const { clock, stalls, socket } = open();
  stalls.watch(socket);
  socket.write(10);
  socket.take(10);
  socket.setTimeout(0);
  clock.pass(timeout);
  expect(socket.looks).toBe(0);
});
