import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import {
  answered,
  ask,
  badInput,
  refused,
  toBody,
  toRequest,
  tooComplex,
  type HostileInput,
  type RequestHeaders,
  type Wanted,
} from './input.ts';

const ok = toBody('{ __typename }');

type Body = string | Buffer;

/** Bodies by name, with what must come of them. */
const bodies: Readonly<Record<string, readonly [body: () => Body, wanted: Wanted]>> = {
  nothing: [() => '', badInput],
  null: [() => 'null', badInput],
  'a number': [() => '1', badInput],
  'a text': [() => '"{ __typename }"', badInput],
  'an empty object': [() => '{}', badInput],
  'an empty list': [() => '[]', badInput],
  'a batch of one': [() => `[${ok}]`, badInput],
  'a batch of ten thousand': [() => `[${Array.from({ length: 10_000 }, () => ok).join(',')}]`, badInput],
  'JSON that is cut': [() => ok.slice(0, -2), badInput],
  'JSON and something behind it': [() => `${ok} x`, badInput],
  'two objects': [() => ok + ok, badInput],
  'quotes of JavaScript': [() => "{'query': '{ __typename }'}", badInput],
  'a comment of JavaScript': [() => `/* */ ${ok}`, badInput],
  'a number that is none': [() => '{"query": "{ __typename }", "variables": {"a": NaN}}', badInput],
  'a comma too many': [() => '{"query": "{ __typename }",}', badInput],
  'a byte order mark before JSON': [() => `\ufeff${ok}`, answered()],
  'UTF-16': [() => Buffer.from(ok, 'utf16le'), badInput],
  'bytes that are no text': [() => Buffer.from(ok.replace('__', '\u00ff'), 'latin1'), badInput],
  'a character written too long': [
    () => Buffer.concat([Buffer.from('{"query":"'), Buffer.from([0xc0, 0xaf])]),
    badInput,
  ],
  'half of a character in UTF-8': [
    () => Buffer.concat([Buffer.from('{"query":"'), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('"}')]),
    badInput,
  ],
  zeros: [() => Buffer.alloc(100_000), badInput],
  'brackets by the hundred thousand': [() => '['.repeat(900_000), badInput],
  'lists 101 deep': [
    () => `{"query": "{ __typename }", "variables": {"a": ${'['.repeat(99)}${']'.repeat(99)}}}`,
    badInput,
  ],
  'objects 170,000 deep': [() => `${'{"a":'.repeat(170_000)}1${'}'.repeat(170_000)}`, badInput],
  'empty objects by the hundred thousand': [() => withVariable(`[${'{},'.repeat(300_000)}1]`), badInput],
  'numbers by the hundred thousand': [() => withVariable(`[${'1,'.repeat(400_000)}1]`), badInput],
  'as many numbers as may be': [() => withVariable(`[${'1,'.repeat(59_000)}1]`), answered()],
  'as many long numbers as may be': [
    () => withVariable(`[${'12345678901234567890,'.repeat(19_900)}1]`),
    answered(),
  ],
  'as many long numbers as fit': [
    () => withVariable(`[${'12345678901234567890,'.repeat(45_000)}1]`),
    badInput,
  ],
  'names by the ten thousand': [() => withVariable(namesUpTo(60_000)), badInput],
  'as many names as may be': [() => withVariable(namesUpTo(19_900)), answered()],
  'one name by the ten thousand': [() => withVariable(`{${'"k":1,'.repeat(90_000)}"k":1}`), badInput],
  'escapes by the hundred thousand': [() => withVariable(`"${'\\u0041'.repeat(150_000)}"`), answered()],
  'backslashes by the hundred thousand': [() => withVariable(`"${'\\\\'.repeat(450_000)}"`), answered()],
  'two documents under one name': [() => '{"query": "{ a }", "query": "{ __typename }"}', answered()],
  'a prototype': [() => '{"query": "{ __typename }", "__proto__": {"admin": true}}', badInput],
  'a prototype among variables': [
    () => '{"query": "{ __typename }", "variables": {"a": {"__proto__": {"admin": true}}}}',
    badInput,
  ],
  'a prototype by escapes': [
    () => '{"query": "{ __typename }", "variables": {"\\u005f_proto__": {"admin": true}}}',
    badInput,
  ],
  'a constructor': [
    () => '{"query": "{ __typename }", "variables": {"constructor": {"prototype": {"admin": true}}}}',
    badInput,
  ],
  'no document': [() => '{"variables": {}}', badInput],
  'a document that is a number': [() => '{"query": 1}', badInput],
  'a document that is a list': [() => '{"query": ["{ __typename }"]}', badInput],
  'a document that is a tree': [() => '{"query": {"kind": "Document", "definitions": []}}', badInput],
  'variables that are a text': [() => '{"query": "{ __typename }", "variables": "{}"}', badInput],
  'variables that are a list': [() => '{"query": "{ __typename }", "variables": [1]}', badInput],
  'variables that are a number': [() => '{"query": "{ __typename }", "variables": 1}', badInput],
  'a name of an operation that is an object': [
    () => '{"query": "{ __typename }", "operationName": {}}',
    badInput,
  ],
  'a name of no operation': [
    () => toBody('query A { __typename }', {}, 'B'.repeat(900_000)),
    refused(400, 'OPERATION_RESOLUTION_FAILURE'),
  ],
  'extensions that are a text': [() => '{"query": "{ __typename }", "extensions": "{}"}', badInput],
  'a document that is stored nowhere': [
    () => '{"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "00"}}}',
    answered(0, 'PERSISTED_QUERY_NOT_SUPPORTED'),
  ],
  'a document to be stored': [
    () => '{"query": "{ __typename }", "extensions": {"persistedQuery": {"version": 1, "sha256Hash": "00"}}}',
    answered(0, 'PERSISTED_QUERY_NOT_SUPPORTED'),
  ],
  'one byte more than may be': [() => ok.padEnd(2 ** 20 + 1), refused(413)],
  'as many bytes as may be': [() => ok.padEnd(2 ** 20), answered()],
};

function namesUpTo(count: number): string {
  return `{${Array.from({ length: count }, (_, index) => `"k${String(index)}":1`).join(',')}}`;
}

function withVariable(json: string): string {
  return `{"query": "{ __typename }", "variables": {"a": ${json}}}`;
}

const gzipBomb = () => gzipSync(Buffer.alloc(64 * 2 ** 20, 0x20));

const job = 'jobInstance(scope: {bkBizId: 2}, jobInstanceId: 20000000004)';
const askedForJob = toBody(`{ ${job} { name } }`);

/** Bodies that are not what is said of them. */
const told: Readonly<Record<string, readonly [headers: RequestHeaders, body: () => Body, wanted: Wanted]>> = {
  'a body of gzip': [{ 'content-encoding': 'gzip' }, () => gzipSync(ok), refused(415)],
  'a body of deflate': [{ 'content-encoding': 'deflate' }, () => deflateSync(ok), refused(415)],
  'a body of Brotli': [{ 'content-encoding': 'br' }, () => brotliCompressSync(ok), refused(415)],
  'a body compressed twice': [{ 'content-encoding': ['gzip', 'gzip'] }, () => gzipSync(ok), refused(415)],
  'a body that unfolds to 64 MiB': [{ 'content-encoding': 'gzip' }, gzipBomb, refused(415)],
  'a body that unfolds to 64 MiB, untold': [{}, gzipBomb, badInput],
  'a body as it is, told so': [{ 'content-encoding': 'Identity' }, () => ok, answered()],
  'a form': [
    { 'content-type': 'application/x-www-form-urlencoded' },
    () => 'query={__typename}',
    refused(415),
  ],
  'a form in parts': [{ 'content-type': 'multipart/form-data; boundary=x' }, () => '--x--', refused(415)],
  'plain text': [{ 'content-type': 'text/plain' }, () => ok, refused(415)],
  'plain text that asks for a preflight': [
    { 'content-type': 'text/plain', 'apollo-require-preflight': 'x' },
    () => ok,
    refused(415),
  ],
  'no type': [{ 'content-type': null }, () => ok, refused(415)],
  'an empty type': [{ 'content-type': '' }, () => ok, refused(415)],
  'a type that is none': [{ 'content-type': 'json' }, () => ok, refused(415)],
  'a document alone': [{ 'content-type': 'application/graphql' }, () => '{ __typename }', refused(415)],
  'a type that begins alike': [{ 'content-type': 'application/json-seq' }, () => ok, refused(415)],
  'two types in one': [{ 'content-type': 'application/json, text/plain' }, () => ok, refused(415)],
  'two types': [{ 'content-type': ['application/json', 'text/plain'] }, () => ok, refused(400)],
  'a type of 10,000 letters': [
    { 'content-type': `application/${'x'.repeat(10_000)}` },
    () => ok,
    refused(415),
  ],
  'a charset of UTF-16': [{ 'content-type': 'application/json; charset=utf-16' }, () => ok, refused(415)],
  'a charset of another time': [
    { 'content-type': 'application/json;charset=ibm037' },
    () => ok,
    refused(415),
  ],
  'two charsets': [
    { 'content-type': 'application/json; charset=utf-8; charset=utf-7' },
    () => ok,
    refused(415),
  ],
  'a charset that can be read': [
    { 'content-type': 'Application/JSON; Charset="UTF-8"' },
    () => ok,
    answered(),
  ],
  'an answer of another type': [{ accept: 'image/png' }, () => askedForJob, refused(406)],
  'an answer that is a page': [{ accept: 'text/html' }, () => askedForJob, refused(406)],
  'an answer of JSON, which is not wanted': [
    { accept: 'application/json;q=0, application/graphql-response+json; q=0.0' },
    () => askedForJob,
    refused(406),
  ],
  'an answer of anything but JSON': [
    { accept: '*/*, application/json;q=0, application/*;q=0' },
    () => askedForJob,
    refused(406),
  ],
  'an answer in another charset': [
    { accept: 'application/json; charset=utf-16' },
    () => askedForJob,
    refused(406),
  ],
  'a stream of a query': [{ accept: 'text/event-stream' }, () => askedForJob, refused(406)],
};
const oneJob = 'query ($id: ID!) { jobInstance(scope: {bkBizId: 2}, jobInstanceId: $id) { name } }';
const manyJobs =
  'query ($ids: [ID!]!) { jobInstancesById(scope: {bkBizId: 2}, jobInstanceIds: $ids) { jobInstanceId } }';
const hosts = `query ($n: Int) { ${job} { ipResults(limit: $n) { ip } } }`;
const ofScope = 'query ($scope: ScopeInput!) { jobInstance(scope: $scope, jobInstanceId: 1) { name } }';
const references = 'query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }';
const ordered = `query ($o: IpResultOrder) { ${job} { ipResults(orderBy: $o, limit: 0) { ip } } }`;

const listOf = (length: number, item: string) => `[${Array.from({ length }, () => item).join(',')}]`;

/** Variables as JSON, with the document that they are for. */
const variables: Readonly<Record<string, readonly [document: string, json: () => string, wanted: Wanted]>> = {
  'none where one is wanted': [oneJob, () => '{}', badInput],
  'null where a value is wanted': [oneJob, () => '{"id": null}', badInput],
  'an object for an id': [oneJob, () => '{"id": {}}', badInput],
  'a list for an id': [oneJob, () => '{"id": [[1]]}', badInput],
  'a truth for an id': [oneJob, () => '{"id": true}', badInput],
  'a fraction for an id': [oneJob, () => '{"id": 1.5}', badInput],
  'a number beyond all for an id': [oneJob, () => '{"id": 1e999}', badInput],
  'a text of 900,000 letters for an id': [
    oneJob,
    () => `{"id": "${'x'.repeat(900_000)}"}`,
    answered(0, 'BAD_USER_INPUT'),
  ],
  'an object of 900,000 letters for an id': [
    oneJob,
    () => `{"id": {"a": "${'x'.repeat(900_000)}"}}`,
    badInput,
  ],
  '59,000 jobs': [manyJobs, () => `{"ids": ${listOf(59_000, '1')}}`, answered(0, 'BAD_USER_INPUT')],
  '25,000 objects for jobs': [manyJobs, () => `{"ids": ${listOf(25_000, '{}')}}`, badInput],
  'lists within lists for jobs': [manyJobs, () => `{"ids": ${'['.repeat(90)}1${']'.repeat(90)}}`, badInput],
  'a limit beyond 32 bits': [hosts, () => '{"n": 2147483648}', badInput],
  'a limit beyond 64 bits': [hosts, () => '{"n": 99999999999999999999}', badInput],
  'a limit beyond all': [hosts, () => '{"n": 1e999}', badInput],
  'a limit that is a text': [hosts, () => '{"n": "5"}', badInput],
  'a limit of two thousand million': [hosts, () => '{"n": 2147483647}', tooComplex],
  'an order that is a number': [ordered, () => '{"o": 1}', badInput],
  'an order that is a constructor': [ordered, () => '{"o": "constructor"}', badInput],
  'a scope of two': [ofScope, () => '{"scope": {"bkBizId": 1, "bkBizSetId": 2}}', badInput],
  'a scope of none': [ofScope, () => '{"scope": {}}', badInput],
  'a scope of nothing': [ofScope, () => '{"scope": {"bkBizId": null}}', badInput],
  'a scope with a constructor': [ofScope, () => '{"scope": {"bkBizId": 1, "constructor": 1}}', badInput],
  'a scope that is a text': [ofScope, () => '{"scope": "2"}', badInput],
  'a text like what is proposed for a wrong name, by the thousand': [
    'query ($l: Int) { jobInstance(scope: {bkBizId: 2}, jobInstanceId: 20000000004) { ipResults(limit: $l) { ip } } }',
    () => JSON.stringify({ l: 'Did you mean '.repeat(16_000) }),
    badInput,
  ],
  'variables that nobody declared': [
    '{ __typename }',
    () => `{${Array.from({ length: 50_000 }, (_, index) => `"v${String(index)}": {}`).join(',')}}`,
    badInput,
  ],
  '1,001 references': [
    references,
    () => `{"r": ${listOf(1001, '{"__typename":"JobInstance"}')}}`,
    answered(0, 'BAD_USER_INPUT'),
  ],
  'four times 1,000 references': [
    `query ($r: [_Any!]!) { ${['a', 'b', 'c', 'd'].map((name) => `${name}: _entities(representations: $r) { __typename }`).join(' ')} }`,
    () =>
      `{"r": [${Array.from({ length: 1000 }, (_, at) => `{"__typename":"JobInstance","id":"biz:2:${String(at + 1)}"}`).join(',')}]}`,
    answered(0, 'BAD_USER_INPUT'),
  ],
  '19,000 references': [references, () => `{"r": ${listOf(19_000, '{"__typename":"Host"}')}}`, tooComplex],
  'references of nothing': [
    references,
    () => '{"r": [{}, {"__typename": 1}]}',
    answered(0, 'BAD_USER_INPUT'),
  ],
  'a reference of null': [references, () => '{"r": [null]}', badInput],
  'a reference that is a text': [references, () => '{"r": ["x"]}', answered(0, 'BAD_USER_INPUT')],
  'a reference 90 deep': [
    references,
    () => `{"r": [{"__typename": "JobInstance", "id": ${'{"a":'.repeat(90)}1${'}'.repeat(90)}}]}`,
    answered(0, 'BAD_USER_INPUT'),
  ],
  'a reference to the root': [
    references,
    () => '{"r": [{"__typename": "Query"}]}',
    answered(0, 'BAD_USER_INPUT'),
  ],
};

/** Bodies and variables that a client may send and should not. */
export function hostileBodies(): readonly HostileInput[] {
  return [
    ...Object.entries(bodies).map(([name, [body, wanted]]) =>
      ask(`body: ${name}`, wanted, (target) => toRequest(target, { body: body() })),
    ),
    ...Object.entries(told).map(([name, [headers, body, wanted]]) =>
      ask(`body: ${name}`, wanted, (target) => toRequest(target, { headers, body: body() })),
    ),
    ...Object.entries(variables).map(([name, [query, json, wanted]]) =>
      ask(`variables: ${name}`, wanted, (target) =>
        toRequest(target, { body: `{"query": ${JSON.stringify(query)}, "variables": ${json()}}` }),
      ),
    ),
  ];
}
