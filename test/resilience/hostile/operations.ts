import { getIntrospectionQuery } from 'graphql';
import { closed, type Wanted } from './input.ts';
import { closeFrame, frame } from './websocket.ts';

export const end = closeFrame(1000);

export const message = (content: unknown): Buffer => frame(JSON.stringify(content));
export const init = message({ type: 'connection_init' });
export const complete = (id: string): Buffer => message({ id, type: 'complete' });
export const many = (count: number, make: (index: number) => Buffer): Buffer =>
  Buffer.concat(Array.from({ length: count }, (_, index) => make(index)));

const follow = 'jobInstanceUpdated(scope: {bkBizId: "2"}, jobInstanceId: "20000000020")';
const following = `subscription { ${follow} { phase } }`;
export const subscribe = (id: string, query = following, more: object = {}): Buffer =>
  message({ id, type: 'subscribe', payload: { query, ...more } });

/** JSON that is so many lists deep, as it stands in a message. */
export const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

const badMessage = closed(4400);
const taken = closed(4409, null, 1);

/** What is sent by whom the service knows. */
export const members: Readonly<Record<string, readonly [frames: () => Buffer, wanted: Wanted]>> = {
  'no name': [() => message({ type: 'subscribe', payload: { query: following } }), badMessage],
  'an empty name': [() => subscribe(''), badMessage],
  'a name that is a number': [
    () => message({ id: 1, type: 'subscribe', payload: { query: following } }),
    badMessage,
  ],
  'a name of 100,000 letters': [() => subscribe('x'.repeat(100_000)), closed(1009)],
  'a name of 60,000 letters, used twice': [() => many(2, () => subscribe('x'.repeat(60_000))), taken],
  'a short name, used twice': [() => many(2, () => subscribe('1')), taken],
  'a name of 91 letters, used twice': [() => many(2, () => subscribe('x'.repeat(91))), taken],
  'a name of 123 letters, used twice': [() => many(2, () => subscribe('x'.repeat(123))), taken],
  'a name of another script, used twice': [() => many(2, () => subscribe('作'.repeat(60))), taken],
  'a name of smileys, used twice': [() => many(2, () => subscribe(`x${'😀'.repeat(60)}`)), taken],
  'half of a character as a name, used twice': [() => many(2, () => subscribe('\ud800')), taken],
  'a name that is ended and used again at once': [
    () => Buffer.concat([subscribe('1'), complete('1'), subscribe('1'), end]),
    closed(1000, null, 1),
  ],
  'a name that is ended and used again twice': [
    () => Buffer.concat([subscribe('1'), complete('1'), subscribe('1'), subscribe('1')]),
    taken,
  ],
  'a name that is ended and used again by the hundred': [
    () => many(100, () => Buffer.concat([subscribe('1'), complete('1')])),
    closed(4429, null, 1),
  ],
  'names that JavaScript knows, used and ended': [
    () =>
      Buffer.concat([
        ...['__proto__', 'constructor', 'toString'].map((id) => Buffer.concat([subscribe(id), complete(id)])),
        end,
      ]),
    closed(1000, null, 1),
  ],
  'subscriptions that are ended at once': [
    () =>
      Buffer.concat([many(20, (at) => Buffer.concat([subscribe(String(at)), complete(String(at))])), end]),
    closed(1000, null, 1),
  ],
  'ends of nothing': [() => Buffer.concat([many(40, (at) => complete(String(at))), end]), closed(1000)],
  'ends of nothing by the thousand': [() => many(5000, (at) => complete(String(at))), closed(4429)],
  'an end without a name': [() => message({ type: 'complete' }), badMessage],
  'subscriptions by the thousand': [() => many(1000, (at) => subscribe(String(at))), closed(4429, null, 1)],
  'no payload': [() => message({ id: '1', type: 'subscribe' }), badMessage],
  'no query': [() => message({ id: '1', type: 'subscribe', payload: {} }), badMessage],
  'a query that is a list': [
    () => message({ id: '1', type: 'subscribe', payload: { query: [following] } }),
    badMessage,
  ],
  'variables that are a list': [() => subscribe('1', following, { variables: [] }), badMessage],
  'a name of the operation that is none': [
    () => subscribe('1', following, { operationName: {} }),
    badMessage,
  ],
  'variables 10,000 lists deep': [
    () =>
      frame(
        `{"id":"1","type":"subscribe","payload":{"query":${JSON.stringify(following)},"variables":{"x":${nested(10_000)}}}}`,
      ),
    badMessage,
  ],
};

/** Operations that are refused in words, after which their client ends the socket. */
export const operations: Readonly<
  Record<string, readonly [query: () => string, code: string, more?: object]>
> = {
  'no document': [() => 'x', 'GRAPHQL_PARSE_FAILED'],
  'two thousand tokens': [() => `subscription { ${'a '.repeat(2000)} }`, 'GRAPHQL_PARSE_FAILED'],
  'empty lines by the thousand': [() => `${'\n'.repeat(5000)}${following}`, 'OPERATION_TOO_COMPLEX'],
  'fields 200 deep': [
    () => `subscription { ${follow} ${'{ x '.repeat(200)}${'}'.repeat(200)} }`,
    'GRAPHQL_VALIDATION_FAILED',
  ],
  'too dear': [
    () =>
      `subscription { ${follow} { ${Array.from({ length: 150 }, (_, at) => `a${String(at)}: ipResults { ip }`).join(' ')} } }`,
    'OPERATION_TOO_COMPLEX',
  ],
  'a field that there is not': [() => 'subscription { x }', 'GRAPHQL_VALIDATION_FAILED'],
  'the schema': [() => getIntrospectionQuery(), 'GRAPHQL_VALIDATION_FAILED'],
  'a query': [() => '{ __typename }', 'BAD_USER_INPUT'],
  'two jobs at once': [
    () => `subscription { a: ${follow} { phase } b: ${follow} { phase } }`,
    'GRAPHQL_VALIDATION_FAILED',
  ],
  'nothing to follow': [() => 'subscription { __typename }', 'GRAPHQL_VALIDATION_FAILED'],
  'an operation that the document lacks': [
    () => following,
    'OPERATION_RESOLUTION_FAILURE',
    { operationName: 'x'.repeat(10_000) },
  ],
  'a job that is none': [() => following.replace('20000000020', 'x/../y'), 'BAD_USER_INPUT'],
};
