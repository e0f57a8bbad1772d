import type { Socket } from 'node:net';
import { complete, end, init, many, members, message, nested, operations, subscribe } from './operations.ts';
import type { Target } from './exchange.ts';
import {
  badInput,
  closed,
  cut,
  refused,
  toRequest,
  type HostileInput,
  type RequestHeaders,
  type Setup,
  type Wanted,
} from './input.ts';
import { closeFrame, converse, frame, opcodes, type Turn } from './websocket.ts';

/** A request that opens a WebSocket. */
function handshake(target: Target, headers: RequestHeaders = {}, head = 'GET /ws HTTP/1.1'): Buffer {
  return toRequest(target, {
    head,
    headers: {
      'content-type': null,
      'content-length': null,
      connection: 'upgrade',
      upgrade: 'websocket',
      'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
      'sec-websocket-version': '13',
      'sec-websocket-protocol': 'graphql-transport-ws',
      ...headers,
    },
  });
}

const badMessage = closed(4400);
const broken = closed(1002);
const tooLarge = closed(1009);
const unknown = closed(4401);
const flooded = closed(4429);
const fine = closed(1000);

/** Handshakes by name. They are a request yet, and refused as such. */
const handshakes: Readonly<
  Record<string, readonly [headers: RequestHeaders, wanted: Wanted, head?: string]>
> = {
  'no key': [{ 'sec-websocket-key': null }, badInput],
  'a key too short': [{ 'sec-websocket-key': 'AAAA' }, badInput],
  'two keys': [{ 'sec-websocket-key': ['AAAAAAAAAAAAAAAAAAAAAA==', 'BAAAAAAAAAAAAAAAAAAAAA=='] }, badInput],
  'no version': [{ 'sec-websocket-version': null }, refused(426)],
  'version 8, which tells the origin elsewhere': [
    { 'sec-websocket-version': '8', 'sec-websocket-origin': 'https://evil.example.com' },
    refused(426),
  ],
  'version 14': [{ 'sec-websocket-version': '14' }, refused(426)],
  'another protocol': [{ 'sec-websocket-protocol': 'graphql-ws' }, badInput],
  'no protocol': [{ 'sec-websocket-protocol': null }, badInput],
  'protocols that cannot be read': [{ 'sec-websocket-protocol': 'graphql-transport-ws, ,;' }, badInput],
  'an origin elsewhere': [{ origin: 'https://evil.example.com' }, refused(403)],
  'an origin of no page': [{ origin: 'null' }, refused(403)],
  'a credential in the URL': [{}, badInput, 'GET /ws?bk_token=alice HTTP/1.1'],
  'by POST': [{}, refused(405), 'POST /ws HTTP/1.1'],
  'two hosts': [{ host: ['service', 'evil.example.com'] }, badInput],
  '100 kB of headers': [
    Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`x-${String(at)}`, 'x'.repeat(1000)])),
    refused(431),
  ],
};

/** What is sent on a socket that is open, and of which nobody has said who is on it. */
const strangers: Readonly<Record<string, readonly [frames: () => Buffer, wanted: Wanted]>> = {
  'not masked': [() => frame('{}', { masked: false }), broken],
  'a reserved bit': [() => frame('{}', { reserved: 0x40 }), broken],
  'all reserved bits': [() => frame('{}', { reserved: 0x70 }), broken],
  'a kind that there is not': [() => frame('{}', { opcode: 3 }), broken],
  'a control frame of a kind that there is not': [() => frame('', { opcode: 11 }), broken],
  'a ping of 126 bytes': [() => frame('x'.repeat(126), { opcode: opcodes.ping }), broken],
  'a ping in pieces': [() => frame('x', { opcode: opcodes.ping, fin: false }), broken],
  'a piece of nothing': [() => frame('x', { opcode: opcodes.continuation }), broken],
  'a message within pieces of another': [() => many(2, () => frame('x', { fin: false })), broken],
  'pieces without end': [
    () =>
      Buffer.concat([
        frame('"', { fin: false }),
        many(100, () => frame('x'.repeat(1000), { opcode: opcodes.continuation, fin: false })),
      ]),
    tooLarge,
  ],
  'empty pieces by the ten thousand': [
    () =>
      Buffer.concat([
        frame('', { fin: false }),
        many(20_000, () => frame('', { opcode: opcodes.continuation, fin: false })),
      ]),
    closed(1008),
  ],
  'one byte more than a message may hold': [() => frame('x'.repeat(65_537)), tooLarge],
  'a mebibyte': [() => frame('x'.repeat(2 ** 20)), tooLarge],
  'a length of 2^32': [() => frame('x', { length: 2n ** 32n }), tooLarge],
  'a length of 2^63': [() => frame('x', { length: 2n ** 63n }), tooLarge],
  bytes: [() => frame('{}', { opcode: opcodes.binary }), badMessage],
  'no UTF-8': [() => frame(Buffer.from([0x22, 0xc3, 0x28, 0x22])), closed(1007)],
  HTTP: [() => Buffer.from('GET /ws HTTP/1.1\r\nhost: service\r\n\r\n'), broken],
  'an end of one byte': [() => frame('x', { opcode: opcodes.close }), broken],
  'an end with code 0': [() => closeFrame(0), broken],
  'an end with code 1005': [() => closeFrame(1005), broken],
  'an end with code 65535': [() => closeFrame(65_535), broken],
  'an end in no UTF-8': [() => closeFrame(1000, Buffer.from([0xff])), closed(1007)],
  'an end, and messages after it': [() => Buffer.concat([end, init, many(500, () => frame('{'))]), fine],
  'pings by the hundred': [() => many(500, () => frame('x', { opcode: opcodes.ping })), closed(null)],
  'pongs by the thousand': [() => many(5000, () => frame('', { opcode: opcodes.pong })), flooded],
  'messages by the thousand': [() => many(5000, () => message({ type: 'ping' })), flooded],
  'messages of an answer by the thousand': [() => many(5000, () => message({ type: 'pong' })), flooded],
  'nothing in a message': [() => frame(''), badMessage],
  'no JSON': [() => frame('{'), badMessage],
  null: [() => frame('null'), badMessage],
  'a list': [() => frame('[]'), badMessage],
  'no type': [() => frame('{}'), badMessage],
  'a type that there is not': [() => message({ type: 'start' }), badMessage],
  'a type that JavaScript knows': [() => frame('{"type":"__proto__"}'), badMessage],
  'a type that is a number': [() => message({ type: 1 }), badMessage],
  'a word that is the service’s: connection_ack': [() => message({ type: 'connection_ack' }), badMessage],
  'a word that is the service’s: next': [
    () => message({ id: '1', type: 'next', payload: { data: {} } }),
    badMessage,
  ],
  'a word that is the service’s: error': [
    () => message({ id: '1', type: 'error', payload: [{ message: 'x' }] }),
    badMessage,
  ],
  'brackets by the ten thousand': [() => frame('['.repeat(60_000)), badMessage],
  'a ping that is 30,000 lists deep': [
    () => frame(`{"type":"ping","payload":{"x":${nested(30_000)}}}`),
    badMessage,
  ],
  'a subscription before all else': [() => subscribe('1'), unknown],
  'a subscription before the acknowledgement': [() => Buffer.concat([init, subscribe('1')]), unknown],
  'an end of a subscription before all else': [() => Buffer.concat([complete('1'), end]), fine],
  'two beginnings': [() => Buffer.concat([init, init]), flooded],
  'a beginning of a mebibyte': [
    () => message({ type: 'connection_init', payload: { x: 'x'.repeat(2 ** 20) } }),
    tooLarge,
  ],
  'a beginning with a list': [() => message({ type: 'connection_init', payload: [] }), badMessage],
  'a credential that is a number': [
    () => message({ type: 'connection_init', payload: { 'X-Bkapi-Authorization': 1 } }),
    unknown,
  ],
  'a credential of somebody else': [
    () => message({ type: 'connection_init', payload: { 'X-Bkapi-Authorization': '{"bk_token":"bob"}' } }),
    unknown,
  ],
  'one credential in two ways of writing': [
    () =>
      message({
        type: 'connection_init',
        payload: { 'X-Bkapi-Authorization': '{"bk_token":"bob"}', 'x-bkapi-authorization': '{}' },
      }),
    unknown,
  ],
  'a tenant that is none': [
    () => message({ type: 'connection_init', payload: { 'X-Bk-Tenant-Id': 'a/../b' } }),
    unknown,
  ],
  'a prototype for a credential': [
    () =>
      Buffer.concat([
        frame('{"type":"connection_init","payload":{"__proto__":{"x-bk-tenant-id":"a/../b"}}}'),
        end,
      ]),
    fine,
  ],
};

/** What takes its time, or how it ends is no matter of words. */
type Act = (socket: Socket, handshakeBytes: Buffer) => void;
const opened = '\r\n\r\n';
const acknowledged = 'connection_ack';
const signedIn = (...turns: readonly Turn[]): readonly Turn[] => [[opened, init], ...turns];
const acts: Readonly<Record<string, readonly [act: Act, wanted: Wanted, setup: Setup]>> = {
  'half closed in the handshake': [
    (socket, bytes) => socket.end(bytes.subarray(0, 60)),
    badInput,
    'production',
  ],
  'half closed after the handshake': [(socket, bytes) => socket.end(bytes), closed(null), 'production'],
  'reset after the handshake': [
    (socket, bytes) => socket.write(bytes, () => socket.resetAndDestroy()),
    cut,
    'production',
  ],
  'frames with the handshake': [
    (socket, bytes) => {
      converse(socket, [
        [null, Buffer.concat([bytes, init])],
        [acknowledged, end],
      ]);
    },
    fine,
    'production',
  ],
  'a body with the handshake': [
    (socket, bytes) => {
      converse(socket, [[null, Buffer.concat([bytes, Buffer.from('query=x')])]]);
    },
    broken,
    'production',
  ],
  'reset inside of a frame': [
    (socket, bytes) => {
      const reset: Turn[1] = (one) => one.write(subscribe('1').subarray(0, 20), () => one.resetAndDestroy());
      converse(socket, [[null, bytes], ...signedIn([acknowledged, reset])]);
    },
    cut,
    'production',
  ],
  'reset after a subscription': [
    (socket, bytes) => {
      const reset: Turn[1] = (one) => one.write(subscribe('1'), () => one.resetAndDestroy());
      converse(socket, [[null, bytes], ...signedIn([acknowledged, reset])]);
    },
    cut,
    'production',
  ],
  'half closed with a subscription': [
    (socket, bytes) => {
      const leave: Turn[1] = (one) => one.end(subscribe('1'));
      converse(socket, [[null, bytes], ...signedIn([acknowledged, leave])]);
    },
    closed(null, null, 1),
    'production',
  ],
  'more subscriptions than may be': [
    (socket, bytes) => {
      const all = many(4, (at) => subscribe(String(at)));
      converse(socket, [[null, bytes], ...signedIn([acknowledged, all], ['"type":"error"', end])]);
    },
    closed(1000, 'RATE_LIMITED', 1),
    'impatient',
  ],
  nothing: [
    (socket, bytes) => {
      converse(socket, [[null, bytes]]);
    },
    closed(4408),
    'impatient',
  ],
  'half of a frame, and no answer to pings': [
    (socket, bytes) => {
      converse(socket, [[null, bytes], ...signedIn([acknowledged, subscribe('1').subarray(0, 20)])]);
    },
    closed(null),
    'impatient',
  ],
  'no agreement that it is closed': [
    (socket, bytes) => {
      converse(
        socket,
        [
          [null, bytes],
          [opened, frame('{')],
        ],
        false,
      );
    },
    badMessage,
    'impatient',
  ],
};

type Parts = Pick<HostileInput, 'name' | 'wanted'> & { readonly act: Act; readonly setup?: Setup };

function toInput({ name, wanted, act, setup = 'production' }: Parts, headers?: RequestHeaders): HostileInput {
  return {
    name: `socket: ${name}`,
    setup,
    wanted,
    slow: setup === 'impatient',
    play: (target) => (socket) => {
      act(socket, handshake(target, headers));
    },
  };
}

const talking =
  (turns: () => readonly Turn[]): Act =>
  (socket, bytes) => {
    converse(socket, [[null, bytes], ...turns()]);
  };

/** What a client may do on a WebSocket, and should not. */
export function hostileFrames(): readonly HostileInput[] {
  return [
    ...Object.entries(handshakes).map(([name, [headers, wanted, head]]): HostileInput => {
      const play: HostileInput['play'] = (target) => (socket) =>
        socket.write(handshake(target, headers, head));
      return { name: `handshake: ${name}`, setup: 'production', wanted, slow: false, play };
    }),
    toInput(
      { name: 'extensions that cannot be read', wanted: fine, act: talking(() => [[opened, end]]) },
      {
        'sec-websocket-extensions': ['permessage-deflate; x=;;"', ';'.repeat(10_000)],
      },
    ),
    ...Object.entries(strangers).map(([name, [frames, wanted]]) =>
      toInput({ name, wanted, act: talking(() => [[opened, frames()]]) }),
    ),
    ...Object.entries(members).map(([name, [frames, wanted]]) =>
      toInput({ name, wanted, act: talking(() => signedIn([acknowledged, frames()])) }),
    ),
    ...Object.entries(operations).map(([name, [query, code, more]]) =>
      toInput({
        name: `subscription to ${name}`,
        wanted: closed(1000, code),
        act: talking(() => signedIn([acknowledged, subscribe('1', query(), more)], ['"code":', end])),
      }),
    ),
    ...Object.entries(acts).map(([name, [act, wanted, setup]]) => toInput({ name, wanted, act, setup })),
  ];
}
