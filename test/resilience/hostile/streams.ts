import type { Socket } from 'node:net';
import {
  ask,
  badInput,
  cut,
  invalid,
  refused,
  toBody,
  toRequest,
  unparsable,
  type HostileInput,
  type Wanted,
} from './input.ts';

const follow = 'jobInstanceUpdated(scope: {bkBizId: "2"}, jobInstanceId: "20000000020")';
const following = toBody(`subscription { ${follow} { phase } }`);

const sse = 'text/event-stream';
const multipart = 'multipart/mixed;subscriptionSpec="1.0"';

/** Requests for a stream by name: what is accepted, and the body. */
const requests: Readonly<Record<string, readonly [accept: string, body: () => string, wanted: Wanted]>> = {
  'an accept of 15,000 commas': [
    `${','.repeat(15_000)}application/json`,
    () => toBody('{ __typename }'),
    refused(406),
  ],
  'an accept that begins like one by the thousand': [
    'multipart/mixed;'.repeat(900),
    () => toBody('{ __typename }'),
    refused(406),
  ],
  'a query that names a subscription': [sse, () => toBody('query subscription { __typename }'), refused(406)],
  'a subscription without a stream': ['application/json', () => following, badInput],
  'no document': [sse, () => toBody('subscription {'), unparsable],
  'two thousand tokens': [sse, () => toBody(`subscription { ${'a '.repeat(2000)} }`), unparsable],
  'fields 200 deep': [
    multipart,
    () => toBody(`subscription { ${follow} ${'{ x '.repeat(200)}${'}'.repeat(200)} }`),
    invalid,
  ],
  'nothing to follow': [multipart, () => toBody('subscription { __typename }'), invalid],
  'a field that there is not': [sse, () => toBody('subscription { x }'), invalid],
  'variables that are a list': [sse, () => toBody(`subscription { ${follow} { phase } }`, []), badInput],
};

const reset = (socket: Socket): void => {
  socket.resetAndDestroy();
};

/** What is done once a stream is asked for. */
const acts: Readonly<Record<string, (socket: Socket, request: Buffer) => void>> = {
  'reset at once': (socket, request) => {
    socket.write(request, () => {
      reset(socket);
    });
  },
  'reset at its first message': (socket, request) => {
    socket.write(request);
    socket.once('data', () => {
      reset(socket);
    });
  },
  'half closed': (socket, request) => socket.end(request),
  'asked for by the hundred on one connection': (socket, request) => {
    socket.write(Buffer.concat(Array.from({ length: 100 }, () => request)));
  },
};

/** What a client that asks for a stream over HTTP may do, and should not. */
export function hostileStreams(): readonly HostileInput[] {
  return [
    ...Object.entries(requests).map(([name, [accept, body, wanted]]) =>
      ask(`stream: ${name}`, wanted, (target) => toRequest(target, { headers: { accept }, body: body() })),
    ),
    ask('stream: by nobody', refused(401, 'UNAUTHENTICATED'), (target) =>
      toRequest(target, { headers: { accept: sse, 'x-bkapi-authorization': null }, body: following }),
    ),
    ...[sse, multipart].flatMap((accept) =>
      Object.entries(acts).map(([name, act]): HostileInput => ({
        name: `stream: ${name}, ${accept}`,
        setup: 'production',
        wanted: cut,
        slow: false,
        play: (target) => (socket) => {
          act(socket, toRequest(target, { headers: { accept, connection: 'keep-alive' }, body: following }));
        },
      })),
    ),
  ];
}
