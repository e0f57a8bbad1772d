import { IncomingMessage } from 'node:http';
import { Socket as TcpSocket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { Socket, type RawSocket, type SocketLimits } from '../../../../src/server/live/socket.ts';

const limits: SocketLimits = {
  connectionInitTimeout: 3000,
  keepAlive: 12_000,
  maxMessagesPerSecond: 3,
  writeStallTimeout: 15_000,
  maxBufferedBytes: 1000,
  maxAge: 3_600_000,
};

/** A socket whose client reads when the test says so, on a clock of the test's. */
function open(random = 0.5) {
  let now = 0;
  const done: string[] = [];
  const reasons: string[] = [];
  const waiting: (() => void)[] = [];
  let pong = (): void => undefined;
  const raw = {
    readyState: 1,
    OPEN: 1,
    bufferedAmount: 0,
    on: (_event: 'pong', listener: () => void) => {
      pong = listener;
    },
    send: (data: string | Uint8Array, { fin }: { readonly fin: boolean }, sent?: () => void) => {
      done.push(`${Buffer.from(data).toString()}${fin ? '' : '…'}`);
      if (sent !== undefined) waiting.push(sent);
    },
    close: (code: number, reason: string) => {
      done.push(`close ${String(code)}`);
      reasons.push(reason);
    },
    ping: () => done.push('ping'),
    terminate: () => done.push('terminate'),
  } satisfies RawSocket;
  const socket = new Socket(raw, new IncomingMessage(new TcpSocket()), { limits, now: () => now, random });
  return {
    socket,
    raw,
    done,
    reasons,
    pong: () => {
      pong();
    },
    read: () => waiting.shift()?.(),
    /** Lets seconds pass, and has the socket looked after in each of them. */
    pass: (seconds: number) => {
      for (let second = 0; second < seconds; second++) {
        now += 1000;
        socket.tend();
      }
    },
  };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('a socket', () => {
  it('sends the next message when the one before has left', async () => {
    const { socket, done, read } = open();
    for (const message of ['a', 'b', 'c']) void socket.send(message);
    await turn();
    expect(done).toEqual(['a']);
    read();
    await turn();
    expect(done).toEqual(['a', 'b']);
    read();
    read();
    await turn();
    expect(done).toEqual(['a', 'b', 'c']);
  });

  it('sends a message that comes in pieces as one, and nothing between them', async () => {
    const { socket, done, read } = open();
    const pieces = ['a', 'b', 'c'].map((piece) => Buffer.from(piece));
    void socket.send(() => pieces);
    void socket.send('d');
    await turn();
    expect(done).toEqual(['a…', 'b…', 'c']);
    read();
    await turn();
    expect(done).toEqual(['a…', 'b…', 'c', 'd']);
  });

  it('is cut off where texts wait that it asks for and does not take', async () => {
    const { socket, done, read } = open();
    const text = 'x'.repeat(limits.maxBufferedBytes / 8);
    for (const message of [text, text, text]) {
      void socket.send(message);
      read();
      await turn();
    }
    expect(done).toEqual([text, text, text]);
    void socket.send('stuck');
    for (const message of [text, text]) void socket.send(message);
    expect(done.slice(3)).toEqual(['stuck']);
    void socket.send('one more');
    expect(done.slice(4)).toEqual(['close 1013', 'terminate']);
  });

  it('makes a message when its turn comes, so that what waits takes no room', async () => {
    const { socket, done, read } = open();
    let made = 0;
    const make = () => [Buffer.from(String((made += 1)))];
    for (let message = 0; message < 3; message++) void socket.send(make);
    await turn();
    expect(made).toBe(1);
    read();
    await turn();
    expect(made).toBe(2);
    expect(done).toEqual(['1', '2']);
  });

  it('sends what comes just when a message has left behind what waited already', async () => {
    const { socket, done, read } = open();
    void socket.send('a');
    void socket.send('b');
    read();
    void socket.send('c');
    await turn();
    expect(done).toEqual(['a', 'b']);
    read();
    await turn();
    expect(done).toEqual(['a', 'b', 'c']);
  });

  it('is closed after what is being sent', async () => {
    const { socket, done, read } = open();
    void socket.send('a');
    socket.close(1012, 'Connect again');
    await turn();
    expect(done).toEqual(['a']);
    read();
    await turn();
    expect(done).toEqual(['a', 'close 1012']);
  });

  it('is closed once, for the first of all reasons that come while something is being sent', async () => {
    const { socket, done, read } = open();
    void socket.send('a');
    for (const code of [4429, 4400, 4429]) socket.close(code, 'Too many messages');
    read();
    await turn();
    expect(done).toEqual(['a', 'close 4429']);
  });

  it('is closed with as much of the reason as fits, in whole characters', async () => {
    const told: string[] = [];
    for (const reason of ['short', 'x'.repeat(200), '作'.repeat(200), `x${'😀'.repeat(100)}`]) {
      const { socket, reasons } = open();
      socket.close(4409, reason);
      await turn();
      told.push(...reasons);
    }
    expect(told).toEqual(['short', 'x'.repeat(123), '作'.repeat(41), `x${'😀'.repeat(30)}`]);
  });

  it('whose client takes nothing for as long as it may is closed in words and cut off', () => {
    const { socket, done, pass } = open(0.999);
    void socket.send('a');
    pass(15);
    expect(done).not.toContain('terminate');
    pass(1);
    expect(done.slice(-2)).toEqual(['close 1013', 'terminate']);
  });

  it('whose client is slow, and takes each message within its time, is not', async () => {
    const { socket, done, pass, read } = open(0.999);
    void socket.send('a');
    void socket.send('b');
    pass(10);
    read();
    await turn();
    pass(10);
    expect(done.filter((one) => one !== 'ping')).toEqual(['a', 'b']);
  });

  it('for which more waits than may is closed, where that is so a second later, too', () => {
    const { raw, done, pass } = open();
    raw.bufferedAmount = 1001;
    pass(1);
    raw.bufferedAmount = 0;
    pass(1);
    expect(done).toEqual([]);
    raw.bufferedAmount = 1001;
    pass(2);
    expect(done).toEqual(['close 1013', 'terminate']);
  });

  it('is asked whether it lives, and cut off where it does not say so before it is asked again', () => {
    const { done, pass, pong } = open();
    pass(6);
    expect(done).toEqual(['ping']);
    pong();
    pass(12);
    expect(done).toEqual(['ping', 'ping']);
    pass(12);
    expect(done).toEqual(['ping', 'ping', 'terminate']);
  });

  it.each([
    [0, 3240],
    [0.999, 3960],
  ])('is told to connect again when it is old, others at other times: %d', async (random, seconds) => {
    const { done, pass, pong } = open(random);
    for (let second = 1; second < seconds - 5; second++) {
      pass(1);
      pong();
    }
    await turn();
    expect(done).not.toContain('close 1012');
    pass(10);
    await turn();
    expect(done).toContain('close 1012');
  });

  it('that is closing is left alone', async () => {
    const { socket, raw, done, pass } = open();
    raw.readyState = 2;
    raw.bufferedAmount = 5000;
    await socket.send('a');
    pass(100);
    expect(done).toEqual([]);
  });

  it('may say so much within a second, and again in the next', () => {
    const { socket, pass } = open();
    expect([1, 2, 3, 4].map(() => socket.countMessage())).toEqual([true, true, true, false]);
    pass(1);
    expect(socket.countMessage()).toBe(true);
  });
});
