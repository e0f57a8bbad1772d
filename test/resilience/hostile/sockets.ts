import type { Socket } from 'node:net';
import type { Play, Target } from './exchange.ts';
import {
  answered,
  badInput,
  cut,
  ended,
  refused,
  toBody,
  toRequest,
  type HostileInput,
  type Wanted,
} from './input.ts';

const ok = toBody('{ __typename }');

/** The parts of a request to be sent one by one. */
function parts(
  target: Target,
  body = ok,
): { readonly head: string; readonly body: string; readonly whole: string } {
  const whole = toRequest(target, { body }).toString('latin1');
  const end = whole.indexOf('\r\n\r\n') + 4;
  return { head: whole.slice(0, end), body: whole.slice(end), whole };
}

function chunked(target: Target, chunks: string): Buffer {
  return Buffer.concat([
    toRequest(target, { headers: { 'content-length': null, 'transfer-encoding': 'chunked' } }),
    Buffer.from(chunks),
  ]);
}

const oneChunk = `${ok.length.toString(16)}\r\n${ok}\r\n0\r\n\r\n`;

const job = toBody('{ jobInstance(scope: {bkBizId: 2}, jobInstanceId: 20000000004) { name } }');

/** So many requests, the last of which closes the connection. */
function atOnce(target: Target, count: number, body: string): Buffer {
  const kept = toRequest(target, { body, headers: { connection: 'keep-alive' } });
  return Buffer.concat([...Array.from({ length: count - 1 }, () => kept), toRequest(target, { body })]);
}

/** A request that asks for another protocol, sent with one before it and one after it. */
function behindARequest(target: Target, upgrade: string): Buffer {
  const plain = toRequest(target, { body: ok, headers: { connection: 'keep-alive' } });
  const other = toRequest(target, { body: ok, headers: { connection: 'upgrade', upgrade } });
  return Buffer.concat([plain, other, plain]);
}

/** Sends a text a few bytes at a time until the service has had enough. */
function drip(socket: Socket, text: string): void {
  let at = 0;
  const timer = setInterval(() => {
    if (at < text.length && socket.writable) socket.write(text.slice(at, (at += 2)));
  }, 50);
  socket.on('close', () => {
    clearInterval(timer);
  });
}

/** An answer of megabytes, more than systems hold for a reader that does not read. */
const large = toBody(
  `{ jobInstance(scope: {bkBizId: 2}, jobInstanceId: 20000000009) { ipResults { ${Array.from(
    { length: 10 },
    (_, index) => `${'a'.repeat(200)}${String(index)}: ip`,
  ).join(' ')} } } }`,
);

/** Longer than the service waits for a reader. */
const longerThanStall = 4000;

/** What is done on a connection, by name. Quick ones first. */
const quick: Readonly<
  Record<string, readonly [play: (socket: Socket, target: Target) => void, wanted: Wanted]>
> = {
  'nothing, and half closed': [(socket) => socket.end(), ended],
  'half closed inside of the head': [
    (socket, target) => socket.end(parts(target).head.slice(0, 20)),
    badInput,
  ],
  'half closed inside of the body': [
    (socket, target) => socket.end(parts(target).whole.slice(0, -5)),
    badInput,
  ],
  'half closed after the request': [(socket, target) => socket.end(parts(target).whole), answered()],
  'reset at once': [(socket) => socket.resetAndDestroy(), ended],
  'reset inside of the head': [
    (socket, target) => resetAfter(socket, parts(target).head.slice(0, 20)),
    ended,
  ],
  'reset inside of the body': [
    (socket, target) => resetAfter(socket, parts(target).whole.slice(0, -5)),
    ended,
  ],
  'reset after the request': [(socket, target) => resetAfter(socket, parts(target).whole), ended],
  'line ends without a carriage return': [
    (socket, target) => socket.write(parts(target).whole.replaceAll('\r\n', '\n')),
    badInput,
  ],
  'empty lines by the thousand': [
    (socket, target) => socket.write('\r\n'.repeat(5000) + parts(target).whole),
    answered(),
  ],
  'bytes at random': [
    (socket) => socket.write(Buffer.from('f3a1007f80ff0d0a0d0a'.repeat(100), 'hex')),
    badInput,
  ],
  'a length too short': [
    (socket, target) =>
      socket.write(toRequest(target, { body: ok, headers: { 'content-length': String(ok.length - 3) } })),
    ended,
  ],
  chunks: [(socket, target) => socket.write(chunked(target, oneChunk)), answered()],
  'chunks of one byte': [
    (socket, target) =>
      socket.write(chunked(target, `${Array.from(ok, (byte) => `1\r\n${byte}\r\n`).join('')}0\r\n\r\n`)),
    answered(),
  ],
  'chunks beyond what may be': [
    (socket, target) => socket.write(chunked(target, `200000\r\n${' '.repeat(2 ** 20 + 1)}`)),
    refused(413),
  ],
  'a chunk of no size': [
    (socket, target) => socket.write(chunked(target, `x\r\n${ok}\r\n0\r\n\r\n`)),
    badInput,
  ],
  'a chunk of a size beyond all': [
    (socket, target) => socket.write(chunked(target, `fffffffffffffffffff\r\n${ok}`)),
    badInput,
  ],
  'a chunk that is longer than told': [
    (socket, target) => socket.write(chunked(target, `5\r\n${ok}\r\n0\r\n\r\n`)),
    badInput,
  ],
  'a chunk with words of 20,000 letters': [
    (socket, target) => socket.write(chunked(target, `5;${'x'.repeat(20_000)}\r\n`)),
    badInput,
  ],
  'headers behind the chunks': [
    (socket, target) =>
      socket.write(
        chunked(target, oneChunk.replace(/\r\n$/, 'x-bkapi-authorization: {"bk_token":"bob"}\r\n\r\n')),
      ),
    answered(),
  ],
  'headers without end behind the chunks': [
    (socket, target) => socket.write(chunked(target, `0\r\n${'x: y\r\n'.repeat(10_000)}`)),
    refused(431),
  ],
  'ten requests at once': [(socket, target) => socket.write(atOnce(target, 10, job)), answered(1)],
  'five thousand requests at once that ask for nothing': [
    (socket, target) => socket.write(atOnce(target, 5000, ok)),
    cut,
  ],
  'an upgrade to HTTP/2 behind a request': [
    (socket, target) => socket.write(behindARequest(target, 'h2c')),
    ended,
  ],
  'an upgrade to WebSocket behind a request': [
    (socket, target) => socket.write(behindARequest(target, 'websocket')),
    ended,
  ],
  'five thousand requests at once': [(socket, target) => socket.write(atOnce(target, 5000, job)), cut],
};

const slow: typeof quick = {
  nothing: [() => undefined, refused(408)],
  'half of a head': [(socket, target) => socket.write(parts(target).head.slice(0, 40)), refused(408)],
  'a head byte by byte': [(socket, target) => drip(socket, parts(target).head), refused(408)],
  'headers without end': [
    (socket, target) => drip(socket, parts(target).head.replace(/\r\n$/, 'x: y\r\n'.repeat(500))),
    refused(408),
  ],
  'a head and no body': [(socket, target) => socket.write(parts(target).head), refused(408)],
  'half of a body': [(socket, target) => socket.write(parts(target).whole.slice(0, -5)), refused(408)],
  'a body byte by byte': [
    (socket, target) => {
      const { head, body } = parts(target, ok.padEnd(1000));
      socket.write(head);
      drip(socket, body);
    },
    refused(408),
  ],
  'chunks that never end': [
    (socket, target) => {
      socket.write(chunked(target, ''));
      drip(socket, '1\r\n \r\n'.repeat(500));
    },
    refused(408),
  ],
  'a request, and no reading of its answer': [
    (socket, target) => {
      socket.write(toRequest(target, { body: large }));
      socket.pause();
      const timer = setTimeout(() => socket.resume(), longerThanStall);
      socket.on('close', () => {
        clearTimeout(timer);
      });
    },
    { ...ended, calls: 1 },
  ],
};

function resetAfter(socket: Socket, text: string): void {
  socket.write(text, () => socket.resetAndDestroy());
}

/** What a client may do on a connection and should not. */
export function hostileSockets(): readonly HostileInput[] {
  const toInput =
    (isSlow: boolean) =>
    ([name, [act, wanted]]: [string, (typeof quick)[string]]): HostileInput => ({
      name: `connection: ${name}`,
      setup: isSlow ? 'impatient' : 'production',
      wanted,
      slow: isSlow,
      play:
        (target): Play =>
        (socket) => {
          act(socket, target);
        },
    });
  return [...Object.entries(quick).map(toInput(false)), ...Object.entries(slow).map(toInput(true))];
}
