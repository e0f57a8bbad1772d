import { gzipSync } from 'node:zlib';
import { answerOf, rightBody, type RawRequest } from '../../support/raw-upstream.ts';
import { planted, type UpstreamFault } from './fault.ts';

type Code = UpstreamFault['code'];

const unreadable = 'UPSTREAM_BAD_RESPONSE';

const sending = (
  name: string,
  code: Code,
  bytesOf: (request: RawRequest) => string | Buffer,
): UpstreamFault => ({
  name,
  code,
  does: { kind: 'answer', play: (socket, request) => socket.write(bytesOf(request)) },
});

const page = `<html><head><title>${planted}</title></head><body><a href="http://10.0.0.5/login?c_url=x">login</a></body></html>`;

/** Pages of whatever stands between, with statuses of all kinds. */
const statuses: readonly (readonly [number, Code])[] = [
  [200, unreadable],
  [203, unreadable],
  [206, unreadable],
  [300, unreadable],
  [301, unreadable],
  [302, unreadable],
  [307, unreadable],
  [400, 'UPSTREAM_ERROR'],
  [401, 'UNAUTHENTICATED'],
  [403, 'UPSTREAM_ERROR'],
  [404, 'UPSTREAM_ERROR'],
  [407, 'UPSTREAM_ERROR'],
  [413, 'UPSTREAM_ERROR'],
  [429, 'RATE_LIMITED'],
  [499, 'UPSTREAM_ERROR'],
  [500, 'UPSTREAM_ERROR'],
  [502, 'UPSTREAM_UNAVAILABLE'],
  [503, 'UPSTREAM_UNAVAILABLE'],
  [504, 'UPSTREAM_TIMEOUT'],
  [508, 'UPSTREAM_ERROR'],
  [599, 'UPSTREAM_ERROR'],
];

const pages = statuses.map(([status, code]) =>
  sending(`sends a page with status ${String(status)}`, code, () =>
    answerOf(page, `HTTP/1.1 ${String(status)} ${planted}`, [
      'Location: http://10.0.0.5/login',
      'Set-Cookie: bk_token=planted',
      `WWW-Authenticate: Basic realm="${planted}"`,
    ]),
  ),
);

const withoutBody: readonly UpstreamFault[] = [204, 304].map((status) =>
  sending(`sends status ${String(status)}`, unreadable, () => `HTTP/1.1 ${String(status)} Nothing\r\n\r\n`),
);

const compressed: readonly UpstreamFault[] = ['gzip', 'br', 'deflate', 'zstd'].map((encoding) =>
  sending(`compresses with ${encoding}, unasked`, unreadable, (request) =>
    answerOf(gzipSync(rightBody(request)), undefined, [`Content-Encoding: ${encoding}`]),
  ),
);

/** Bodies that are no answer about the job, by what is done to the right one. */
const bodies: Readonly<Record<string, (body: string) => string | Buffer>> = {
  'no JSON': (body) => body.slice(0, -3),
  'JSON and more': (body) => `${body}${planted}`,
  'an empty body': () => '',
  null: () => 'null',
  'a list': (body) => `[${body}]`,
  'a text': (body) => JSON.stringify(body),
  'no data': () => '{"result":true,"code":0}',
  'data that is null': () => '{"result":true,"code":0,"data":null}',
  'data that is a text': () => `{"result":true,"code":0,"data":"${planted}"}`,
  'no job': () => '{"result":true,"code":0,"data":{"finished":true,"step_instance_list":[]}}',
  'no steps': (body) => body.replace(/"step_instance_list":.*$/s, '"x":1}}'),
  'another job': (body) => body.replace(/"job_instance_id":\d+/, '"job_instance_id":1'),
  'a job without a status': (body) => body.replace('"status":3,"create_time"', '"create_time"'),
  'a job whose status is a text': (body) =>
    body.replace('"status":3,"create_time"', '"status":"3","create_time"'),
  'a status beyond any number': (body) =>
    body.replace('"status":3,"create_time"', '"status":1e999,"create_time"'),
  'a status that is a fraction': (body) =>
    body.replace('"status":3,"create_time"', '"status":3.5,"create_time"'),
  'bytes that are no UTF-8': (body) =>
    Buffer.concat([Buffer.from(body.slice(0, 40)), Buffer.from([0xff, 0xfe]), Buffer.from(body.slice(40))]),
};

const notAboutTheJob = Object.entries(bodies).map(([what, change]) =>
  sending(`sends ${what}`, unreadable, (request) => answerOf(change(rightBody(request)))),
);

/** Bodies that are odd, and still say what they should. */
const odd: Readonly<Record<string, (body: string) => string>> = {
  'with members that nobody knows': (body) =>
    body.replace('"finished"', `"planted":{"a":["${planted}"]},"finished"`),
  'with members of old': (body) =>
    body.replace('"finished"', '"__proto__":{"x":1},"constructor":null,"finished"'),
  'with blanks around it': (body) => ` \r\n\t${body}\n\n`,
  'with a member nested twenty thousand deep': (body) =>
    body.replace('"finished":true', `"finished":true,"x":${'['.repeat(20_000)}${']'.repeat(20_000)}`),
  'with an unknown status': (body) => body.replaceAll('"status":3', '"status":999'),
};

const stillRight = Object.entries(odd).map(([what, change]) =>
  sending(`sends it ${what}`, null, (request) => answerOf(change(rightBody(request)))),
);

/** Failures that each layer words in its own way (upstream contract 3). */
const envelopes: readonly (readonly [string, Code, number, unknown])[] = [
  ['a failure without a number', 'UPSTREAM_ERROR', 200, { result: false, message: planted, data: null }],
  ['a failure and data', 'UPSTREAM_ERROR', 200, { result: false, code: 1240002, message: planted, data: {} }],
  ['a success with a number', 'UPSTREAM_ERROR', 200, { result: false, code: -1, message: planted }],
  [
    'a failure with a number as text',
    'UPSTREAM_UNAVAILABLE',
    200,
    { result: false, code: '1240001', message: planted },
  ],
  ['an error of v4', 'UPSTREAM_ERROR', 500, { error: { code: 'INTERNAL', message: planted } }],
  ['a limit of v4', 'RATE_LIMITED', 429, { error: { code: 'RESOURCE_EXHAUSTED', message: planted } }],
  [
    'an error of v4 that nobody knows',
    'UPSTREAM_ERROR',
    418,
    { error: { code: 'TEAPOT', message: planted } },
  ],
  [
    'an error of the framework',
    'UPSTREAM_ERROR',
    500,
    { timestamp: 1, status: 500, error: planted, path: '/x' },
  ],
  ['a sign-in that ESB refuses', 'UNAUTHENTICATED', 200, { result: false, code: 1306401, message: planted }],
];

const failures = envelopes.map(([what, code, status, body]) =>
  sending(`tells of ${what}`, code, () => answerOf(JSON.stringify(body), `HTTP/1.1 ${String(status)} X`)),
);

/** Faults of what is said, over connections that are in order. */
export const answerFaults: readonly UpstreamFault[] = [
  ...pages,
  ...withoutBody,
  ...compressed,
  ...notAboutTheJob,
  ...stillRight,
  ...failures,
];
