import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import Fastify from 'fastify';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { bytesInTime, countUntaken, UntakenAnswers } from '../../../src/server/untaken-answers.ts';
import { createManualClock } from '../../support/manual-clock.ts';

const MiB = 1024 * 1024;
const maxBytes = 16 * MiB;
const share = maxBytes / 4;
const timeout = 30_000;

class Connection {
  destroyed = false;

  destroy(): void {
    this.destroyed = true;
  }
}

/** An answer of which so much waits; `ended` says that its client has it, or has left. */
class Answer {
  writableLength: number;
  socket: object | null;
  readonly req: { readonly socket: Connection };
  ended: () => void = () => undefined;

  constructor(bytes: number, connection = new Connection(), isNext = true) {
    this.writableLength = bytes;
    this.req = { socket: connection };
    this.socket = isNext ? connection : null;
  }

  once(_event: 'close', listener: () => void): void {
    this.ended = listener;
  }
}

function count() {
  const clock = createManualClock();
  const untaken = new UntakenAnswers({ maxBytes, timeout }, () => clock.now());
  const hand = (caller: string | null, answer: Answer): Answer => {
    untaken.handedOver(caller, answer);
    return answer;
  };
  return { clock, untaken, hand };
}

const error: object = expect.objectContaining({ code: 'RATE_LIMITED', retryAfter: 1000 });
const refusal: object = expect.objectContaining({ statusCode: 429, error });

describe('a caller for whom much waits', () => {
  it('gets no more large answers than a quarter of what may wait, while others do', () => {
    const { untaken, hand } = count();
    hand('alice', new Answer(share - MiB));
    expect(() => untaken.assertRoomFor('alice', MiB + 1)).toThrow(refusal);
    untaken.assertRoomFor('alice', MiB);
    untaken.assertRoomFor('bob', share);
  });

  it('gets small ones all the same, to be told how a job is', () => {
    const { untaken, hand } = count();
    hand('alice', new Answer(share));
    untaken.assertRoomFor('alice', 64 * 1024 - 1);
    expect(() => untaken.assertRoomFor('alice', 64 * 1024)).toThrow(refusal);
  });

  it('is refused before an answer is made once three quarters of that wait', () => {
    const { untaken, hand } = count();
    hand('alice', new Answer((share * 3) / 4 - 1));
    untaken.assertNotBehind('alice');
    hand('alice', new Answer(1));
    expect(() => untaken.assertNotBehind('alice')).toThrow(error);
    untaken.assertNotBehind('bob');
  });

  it('gets more once answers are taken, or their clients have left', () => {
    const { untaken, hand } = count();
    const first = hand('alice', new Answer(share / 2));
    const second = hand('alice', new Answer(share / 2));
    first.ended();
    // The end of a connection is told twice.
    first.ended();
    expect(() => untaken.assertRoomFor('alice', share / 2 + 1)).toThrow(refusal);
    second.ended();
    untaken.assertRoomFor('alice', share);
  });

  it('gets an answer of any size where nothing else waits for him', () => {
    const { untaken } = count();
    untaken.assertRoomFor('alice', 10 * maxBytes);
  });
});

it('those who did not sign in are not refused for what others of them do not take', () => {
  const { untaken, hand } = count();
  hand(null, new Answer(share));
  untaken.assertNotBehind(null);
  untaken.assertRoomFor(null, share);
});

it('what goes out at once does not count, nor what nobody will be told the end of', () => {
  const { untaken, hand } = count();
  const ended = new Connection();
  ended.destroy();
  hand('alice', new Answer(0));
  hand('alice', new Answer(share, ended));
  untaken.assertNotBehind('alice');
});

describe('where too much waits for all', () => {
  it('whoever most waits for loses the connection that has been waited for longest, and nobody else any', () => {
    const { hand, untaken } = count();
    const [oldest, older, newer, other] = [6 * MiB, 4 * MiB, MiB, 5 * MiB].map((bytes) => new Answer(bytes));
    hand('bob', oldest!);
    hand('alice', older!);
    hand('alice', newer!);
    hand('alice', new Answer(MiB, older!.req.socket, false));
    hand('alice', new Answer(MiB));
    const connections = [oldest, older, newer, other].map((answer) => answer!.req.socket);
    hand('carol', other!);
    expect(connections.map(({ destroyed }) => destroyed)).toEqual([false, true, false, false]);
    // All of its answers are gone with it, also by count.
    untaken.assertRoomFor('alice', share - 2 * MiB);
    expect(() => untaken.assertRoomFor('alice', share - 2 * MiB + 1)).toThrow('waits to be taken');
  });

  it('those who did not sign in are one', () => {
    const { hand } = count();
    const anonymous = [0, 1, 2].map(() => hand(null, new Answer(3 * MiB)));
    const alice = hand('alice', new Answer(8 * MiB));
    expect([...anonymous, alice].map(({ req }) => req.socket.destroyed)).toEqual([true, false, false, false]);
  });

  it('an answer that waits alone is not cut for its size', () => {
    const { hand } = count();
    expect(hand('alice', new Answer(2 * maxBytes)).req.socket.destroyed).toBe(false);
  });
});

describe('an answer that is taken too slowly', () => {
  it('is cut when its client has had the time for each part of it, and not before', () => {
    const { clock, untaken, hand } = count();
    const short = hand('alice', new Answer(bytesInTime));
    const long = hand('alice', new Answer(3 * bytesInTime));
    const ended = (): readonly boolean[] => [short, long].map(({ req }) => req.socket.destroyed);
    const look = (): void => untaken.endSlow();
    clock.pass(2 * timeout);
    look();
    expect(ended()).toEqual([false, false]);
    clock.pass(1);
    look();
    expect(ended()).toEqual([true, false]);
    clock.pass(2 * timeout);
    look();
    expect(ended()).toEqual([true, true]);
    untaken.assertRoomFor('alice', share);
  });

  it('has its time from when nothing goes out before it', () => {
    const { clock, untaken, hand } = count();
    const answer = hand('alice', new Answer(bytesInTime, new Connection(), false));
    clock.pass(100 * timeout);
    untaken.endSlow();
    answer.socket = answer.req.socket;
    clock.pass(2 * timeout);
    untaken.endSlow();
    expect(answer.req.socket.destroyed).toBe(false);
    clock.pass(1);
    untaken.endSlow();
    expect(answer.req.socket.destroyed).toBe(true);
  });
});

it('to end many connections takes no look at the others for each', () => {
  const { clock, untaken, hand } = count();
  let looks = 0;
  class LookedAt extends Answer {
    constructor(connection: Connection) {
      super(bytesInTime / 1024, connection);
      const req = { socket: connection };
      Object.defineProperty(this, 'req', {
        get: () => {
          looks += 1;
          return req;
        },
      });
    }
  }
  const connections = Array.from({ length: 500 }, () => new Connection());
  const answers = connections.flatMap((connection) =>
    Array.from({ length: 4 }, () => new LookedAt(connection)),
  );
  answers.forEach((answer, index) => hand(`caller ${String(index % 50)}`, answer));
  looks = 0;
  clock.pass(2 * timeout);
  untaken.endSlow();
  expect(connections.filter(({ destroyed }) => !destroyed)).toEqual([]);
  expect(looks).toBeLessThan(10 * answers.length);
});

describe('a server', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('ends by itself the connection of a client that takes a little now and then, and nobody else', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
    const app = Fastify({ forceCloseConnections: true });
    const untaken = countUntaken(app, { maxBytes, timeout });
    const size = 8 * MiB;
    app.get('/', (_request, reply) => {
      void reply.send(Buffer.alloc(size));
      untaken.handedOver('alice', reply.raw);
    });
    await app.listen({ host: '127.0.0.1', port: 0 });
    const client = connect((app.server.address() as AddressInfo).port, '127.0.0.1').pause();
    const ended = once(client, 'close');
    client.write('GET / HTTP/1.1\r\nhost: service\r\n\r\n');
    const takes = async (): Promise<void> => {
      await once(client, 'readable');
      client.read();
    };
    await takes();
    vi.advanceTimersByTime(timeout * (1 + size / bytesInTime));
    await takes();
    expect(() => untaken.assertNotBehind('alice')).toThrow(error);
    vi.advanceTimersByTime(timeout / 5);
    client.resume();
    await ended;
    untaken.assertNotBehind('alice');
    await app.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});
