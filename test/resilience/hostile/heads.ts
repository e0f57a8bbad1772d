import {
  answered,
  ask,
  badInput,
  ended,
  refused,
  toBody,
  toRequest,
  type HostileInput,
  type RequestHeaders,
  type Setup,
  type Wanted,
} from './input.ts';

const ok = toBody('{ __typename }');

const job = toBody('{ jobInstance(scope: {bkBizId: 2}, jobInstanceId: 20000000004) { name } }');

/** Origin that the services under test allow. */
export const allowedOrigin = 'https://cmdb.example.com';

const many = (count: number, name = 'x') =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`${name}${String(index)}`, '1']));

/** Headers by name, with what must come of them. The body is a good query of a job. */
const headers: Readonly<Record<string, readonly [headers: RequestHeaders, wanted: Wanted]>> = {
  'one of 20,000 letters': [{ 'x-long': 'x'.repeat(20_000) }, refused(431)],
  'a name of 20,000 letters': [{ ['x'.repeat(20_000)]: '1' }, refused(431)],
  '101 of them': [many(97), refused(431)],
  'thousands of them': [many(1200), refused(431)],
  'two hosts': [{ host: ['service', 'evil.example.com'] }, badInput],
  'no host': [{ host: null }, badInput],
  'an empty host': [{ host: '' }, badInput],
  'a host that is none': [{ host: '[' }, badInput],
  'a host with a path': [{ host: 'service/x?y#z' }, badInput],
  'a host with a blank': [{ host: 'a b' }, badInput],
  'a host with a user': [{ host: 'a@b' }, badInput],
  'a port that is none': [{ host: 'service:99999' }, badInput],
  'a name with a blank': [{ 'x y': '1' }, badInput],
  'a name with a blank at its end': [{ 'transfer-encoding ': 'chunked' }, badInput],
  'no name': [{ '': '1' }, badInput],
  'a name of another script': [{ 'x-\u00e9': '1' }, badInput],
  'a zero': [{ x: 'a\0b' }, badInput],
  'a carriage return': [{ x: 'a\rb' }, badInput],
  'a line that goes on': [{ x: 'a\r\n b' }, badInput],
  // The rest is not what was told of the body, so nobody knows what it is.
  'a line that begins anew': [{ x: 'a\r\n\r\nGET /admin HTTP/1.1' }, ended],
  'a bell': [{ x: 'a\u0007b' }, badInput],
  'a type with blanks by the thousand': [
    { 'content-type': `application/json; a=b${' '.repeat(15_000)}c` },
    answered(1),
  ],
  'an expectation': [{ expect: 'the unexpected' }, refused(417)],
  'an upgrade to WebSocket': [
    { connection: 'close, upgrade', upgrade: 'websocket', 'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==' },
    // Sockets have a path of their own.
    refused(404, 'NOT_FOUND'),
  ],
  'an upgrade to HTTP/2': [
    { connection: 'close, upgrade, http2-settings', upgrade: 'h2c', 'http2-settings': '' },
    answered(1),
  ],
  'a length and chunks': [{ 'transfer-encoding': 'chunked' }, badInput],
  'two lengths that differ': [{ 'content-length': ['5', '6'] }, badInput],
  'two lengths that agree': [{ 'content-length': ['5', '5'] }, badInput],
  'two lengths in one': [{ 'content-length': '5, 5' }, badInput],
  'a length below zero': [{ 'content-length': '-1' }, badInput],
  'a length with a sign': [{ 'content-length': '+5' }, badInput],
  'a length in hexadecimal': [{ 'content-length': '0x5' }, badInput],
  'a length of nothing': [{ 'content-length': '' }, badInput],
  'a length beyond 64 bits': [{ 'content-length': '99999999999999999999' }, badInput],
  'a length beyond what may be': [{ 'content-length': '2000000' }, refused(413)],
  'chunks of another kind': [{ 'content-length': null, 'transfer-encoding': 'xchunked' }, badInput],
  'chunks, and chunks again': [
    { 'content-length': null, 'transfer-encoding': ['chunked', 'chunked'] },
    badInput,
  ],
  'chunks that are not the last': [
    { 'content-length': null, 'transfer-encoding': 'chunked, gzip' },
    badInput,
  ],
};

/** Credentials by name. None of them may reach bk-job. */
const credentials: Readonly<Record<string, readonly [headers: RequestHeaders, wanted: Wanted]>> = {
  none: [{ 'x-bkapi-authorization': null }, refused(401, 'UNAUTHENTICATED')],
  'of another scheme': [
    { 'x-bkapi-authorization': null, authorization: 'Bearer alice' },
    refused(401, 'UNAUTHENTICATED'),
  ],
  empty: [{ 'x-bkapi-authorization': '' }, badInput],
  'no JSON': [{ 'x-bkapi-authorization': 'alice' }, badInput],
  'a list': [{ 'x-bkapi-authorization': '["alice"]' }, badInput],
  'a number': [{ 'x-bkapi-authorization': '1' }, badInput],
  'an empty object': [{ 'x-bkapi-authorization': '{}' }, badInput],
  'brackets by the thousand': [{ 'x-bkapi-authorization': '['.repeat(12_000) }, badInput],
  'an empty token': [{ 'x-bkapi-authorization': '{"bk_token": ""}' }, badInput],
  'a token that is a number': [{ 'x-bkapi-authorization': '{"bk_token": 1}' }, badInput],
  'a token that is an object': [{ 'x-bkapi-authorization': '{"bk_token": {"a": "b"}}' }, badInput],
  'a token with a line end': [{ 'x-bkapi-authorization': '{"bk_token": "alice\\r\\nx: y"}' }, badInput],
  'a token with a zero': [{ 'x-bkapi-authorization': '{"bk_token": "alice\\u0000"}' }, badInput],
  'a token of another script': [{ 'x-bkapi-authorization': '{"bk_token": "\\u0430lice"}' }, badInput],
  'a token in Latin-1': [{ 'x-bkapi-authorization': '{"bk_token": "\u00e9"}' }, badInput],
  'a token of 5,000 letters': [{ 'x-bkapi-authorization': `{"bk_token": "${'x'.repeat(5000)}"}` }, badInput],
  'two tokens': [{ 'x-bkapi-authorization': '{"bk_token": "alice", "bk_ticket": "bob"}' }, badInput],
  'one token twice': [{ 'x-bkapi-authorization': '{"bk_token": "bob", "bk_token": "alice"}' }, badInput],
  'two headers': [{ 'x-bkapi-authorization': ['{"bk_token":"alice"}', '{"bk_token":"bob"}'] }, badInput],
  'a name of a user': [
    { 'x-bkapi-authorization': '{"bk_token": "alice", "bk_username": "admin"}' },
    badInput,
  ],
  'an application': [
    { 'x-bkapi-authorization': '{"bk_token": "alice", "bk_app_code": "other", "bk_app_secret": "x"}' },
    badInput,
  ],
  'a prototype': [{ 'x-bkapi-authorization': '{"__proto__": {"bk_token": "alice"}}' }, badInput],
  'a prototype beside a token': [
    { 'x-bkapi-authorization': '{"bk_token": "alice", "__proto__": {}}' },
    badInput,
  ],
  'a tenant that is none': [{ 'x-bk-tenant-id': 'a/../b' }, badInput],
  'two tenants': [{ 'x-bk-tenant-id': ['a', 'b'] }, badInput],
  'a language that is none': [{ 'blueking-language': 'xx' }, badInput],
  'a cookie of a page elsewhere': [
    { 'x-bkapi-authorization': null, cookie: 'bk_token=alice', origin: 'https://evil.example.com' },
    refused(401, 'UNAUTHENTICATED'),
  ],
  'a cookie of no page': [
    { 'x-bkapi-authorization': null, cookie: 'bk_token=alice' },
    refused(401, 'UNAUTHENTICATED'),
  ],
  'a cookie of a page in a frame': [
    { 'x-bkapi-authorization': null, cookie: 'bk_token=alice', origin: 'null' },
    refused(401, 'UNAUTHENTICATED'),
  ],
  'two origins': [
    { 'x-bkapi-authorization': null, cookie: 'bk_token=alice', origin: [allowedOrigin, allowedOrigin] },
    badInput,
  ],
  'two cookies that differ': [
    { 'x-bkapi-authorization': null, cookie: 'bk_token=alice; bk_token=bob', origin: allowedOrigin },
    badInput,
  ],
  'a cookie and a header that differ': [{ cookie: 'bk_token=bob', origin: allowedOrigin }, badInput],
  'a cookie that is cut': [
    { 'x-bkapi-authorization': null, cookie: 'bk_token=%E0%A4%A', origin: allowedOrigin },
    badInput,
  ],
  'an empty cookie': [
    { 'x-bkapi-authorization': null, cookie: 'bk_token=', origin: allowedOrigin },
    badInput,
  ],
  'a cookie with a line end': [
    { 'x-bkapi-authorization': null, cookie: 'bk_token=a%0d%0ab', origin: allowedOrigin },
    badInput,
  ],
  'cookies by the thousand': [
    { 'x-bkapi-authorization': null, cookie: 'a=b; '.repeat(2000), origin: allowedOrigin },
    refused(401, 'UNAUTHENTICATED'),
  ],
};

const asked = encodeURIComponent('{ __typename }');
const csrf = { 'apollo-require-preflight': 'x' };

/** First lines by name; `*` stands for the path of the endpoint. */
const lines: Readonly<
  Record<string, readonly [line: string, wanted: Wanted, headers?: RequestHeaders, setup?: Setup]>
> = {
  'GET, where that is off': [`GET *?query=${asked} HTTP/1.1`, refused(405), csrf],
  'GET without a query, where that is off': ['GET * HTTP/1.1', refused(405), csrf],
  'GET that a page can send': [`GET *?query=${asked} HTTP/1.1`, badInput, { 'content-type': null }, 'open'],
  'GET of a mutation': [
    `GET *?query=${encodeURIComponent('mutation { __typename }')} HTTP/1.1`,
    refused(405),
    csrf,
    'open',
  ],
  'GET with variables that are none': [`GET *?query=${asked}&variables=x HTTP/1.1`, badInput, csrf, 'open'],
  'GET with two documents': [`GET *?query=${asked}&query=${asked} HTTP/1.1`, badInput, csrf, 'open'],
  'GET of a list': [`GET *?query[]=${asked} HTTP/1.1`, badInput, csrf, 'open'],
  'GET of 20,000 letters': [`GET *?query=${'x'.repeat(20_000)} HTTP/1.1`, refused(431), csrf, 'open'],
  'GET of two thousand lines': [
    `GET *?query=${'%0A'.repeat(2000)}${asked} HTTP/1.1`,
    refused(400, 'OPERATION_TOO_COMPLEX'),
    csrf,
    'open',
  ],
  'GET of two thousand tokens': [
    `GET *?query=%7B${'a+'.repeat(2000)}%7D HTTP/1.1`,
    refused(400, 'GRAPHQL_PARSE_FAILED'),
    csrf,
    'open',
  ],
  'GET of names that JavaScript knows': [
    `GET *?__proto__=1&constructor=1&query=${asked} HTTP/1.1`,
    answered(),
    csrf,
    'open',
  ],
  'a credential in the URL': ['POST *?bk_token=alice HTTP/1.1', badInput],
  'a document in the URL and another in the body': [`POST *?query=${asked} HTTP/1.1`, answered()],
  PUT: ['PUT * HTTP/1.1', refused(405)],
  DELETE: ['DELETE * HTTP/1.1', refused(405)],
  PATCH: ['PATCH * HTTP/1.1', refused(405)],
  PROPFIND: ['PROPFIND * HTTP/1.1', refused(405)],
  TRACE: ['TRACE * HTTP/1.1', refused(405)],
  CONNECT: ['CONNECT service:80 HTTP/1.1', ended],
  OPTIONS: ['OPTIONS * HTTP/1.1', refused(405)],
  'a preflight of a page elsewhere': [
    'OPTIONS * HTTP/1.1',
    { status: 204, code: null, calls: 0 },
    { origin: 'https://evil.example.com', 'access-control-request-method': 'POST' },
  ],
  'a method that there is not': ['STEAL * HTTP/1.1', badInput],
  'a method in small letters': ['post * HTTP/1.1', badInput],
  'a method of 20,000 letters': [`${'X'.repeat(20_000)} * HTTP/1.1`, badInput],
  'a path of nobody': ['POST /admin HTTP/1.1', refused(404, 'NOT_FOUND')],
  'a path that begins alike': ['POST */x HTTP/1.1', refused(404, 'NOT_FOUND')],
  'a path up and down': ['POST /x/..* HTTP/1.1', refused(404, 'NOT_FOUND')],
  'a path that cannot be read': ['POST /%E0%A4%A HTTP/1.1', badInput],
  'a path with a zero': ['POST *%00 HTTP/1.1', refused(404, 'NOT_FOUND')],
  'a path with a blank': ['POST * x HTTP/1.1', badInput],
  'a part that browsers keep': ['POST *#x HTTP/1.1', badInput],
  'a document in the part that browsers keep': [
    `GET *#?query=${asked} HTTP/1.1`,
    badInput,
    { 'apollo-require-preflight': 'x' },
  ],
  'a path of another host': ['POST http://evil.example.com/graphql HTTP/1.1', answered()],
  'no path': ['POST HTTP/1.1', badInput],
  'HTTP/0.9': ['GET *', refused(405)],
  'HTTP/1.0 without a host': ['POST * HTTP/1.0', answered(), { host: null }],
  'HTTP/1.0 and a host that is none': ['POST * HTTP/1.0', badInput, { host: '[' }],
  'HTTP/2': ['PRI * HTTP/2.0', badInput],
  'HTTP/7.3': ['POST * HTTP/7.3', badInput],
  'no HTTP': ['POST * FTP/1.1', badInput],
  TLS: ['\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003', badInput],
};

/** Heads of requests that a client may send and should not. */
export function hostileHeads(): readonly HostileInput[] {
  const ofJob = (kind: string, [name, [given, wanted]]: [string, readonly [RequestHeaders, Wanted]]) =>
    ask(`${kind}: ${name}`, wanted, (target) => toRequest(target, { headers: given, body: job }));
  return [
    ...Object.entries(headers).map((entry) => ofJob('header', entry)),
    ...Object.entries(credentials).map((entry) => ofJob('credentials', entry)),
    ...Object.entries(lines).map(([name, [line, wanted, given = {}, setup]]) =>
      ask(
        `first line: ${name}`,
        wanted,
        (target) => {
          const isGet = line.startsWith('GET');
          return toRequest(target, {
            head: line.replace('*', target.path),
            headers: { ...(isGet && { 'content-length': null }), ...given },
            body: isGet ? '' : ok,
          });
        },
        setup,
      ),
    ),
  ];
}
