import { getIntrospectionQuery } from 'graphql';
import {
  answered,
  ask,
  badInput,
  invalid,
  refused,
  toBody,
  tooComplex,
  toRequest,
  unparsable,
  type HostileInput,
  type Setup,
  type Wanted,
} from './input.ts';

const job = (selection: string, id = '20000000004') =>
  `jobInstance(scope: {bkBizId: 2}, jobInstanceId: ${id}) { ${selection} }`;

const times = (count: number, make: (index: string) => string, separator = ' ') =>
  Array.from({ length: count }, (_, index) => make(String(index))).join(separator);

const nested = (count: number, open: string, inner: string, close: string) =>
  open.repeat(count) + inner + close.repeat(count);

/** Documents by name, with what must come of them. Tables are functions, so that nothing is made before it is asked for. */
type Table = Readonly<Record<string, readonly [document: () => string, wanted: Wanted, setup?: Setup]>>;

const texts: Table = {
  'nothing at all': [() => '', badInput],
  'a blank': [() => ' ', unparsable],
  'a comment and nothing else': [() => '# {', unparsable],
  'a byte order mark alone': [() => '\ufeff', unparsable],
  'a byte order mark before a query': [() => '\ufeff{ __typename }', answered()],
  'a byte order mark inside of a query': [() => '{ __type\ufeffname }', invalid],
  'a zero character': [() => '{ __typename\u0000 }', unparsable],
  'a control character': [() => '{ \u0007__typename }', unparsable],
  'half of a character': [() => '{ __typename \ud800 }', unparsable],
  'half of a character in a text': [() => '{ node(id: "\udfff") { id } }', unparsable],
  'a character that turns the direction of writing': [() => '{ \u202e__typename }', unparsable],
  'a name of another script': [() => '{ имя }', unparsable],
  'an escape of no character': [() => '{ node(id: "\\u{110000}") { id } }', unparsable],
  'a text that does not end': [() => '{ node(id: "a', unparsable],
  'a block of text that does not end': [() => '{ node(id: """a', unparsable],
  'a brace that is not closed': [() => '{ __typename', unparsable],
  'a brace too many': [() => '{ __typename } }', unparsable],
  'a number that is none': [() => '{ node(id: 01) { id } }', unparsable],
  'a name behind a number': [() => '{ node(id: 1a) { id } }', unparsable],
  'texts by the thousand before letters like an escape': [
    () => `{a(b:${'"",'.repeat(10_800)})}#${'\u015c'.repeat(16_000)}`,
    unparsable,
  ],
  'one token more than may be': [() => `{ ${'__typename '.repeat(999)} }`, unparsable],
  'as many tokens as may be': [
    () => `{ ${times(332, (i) => `a${i}: __typename`)} __typename __typename }`,
    answered(),
  ],
  'tokens by the ten thousand': [() => `{ ${'a '.repeat(30_000)} }`, unparsable],
  'one byte more than may be': [() => '{__typename}'.padEnd(65_537), tooComplex],
  'as many bytes as may be': [() => '{__typename}'.padEnd(65_536, ','), answered()],
  'a mebibyte of blanks': [() => '{__typename}'.padEnd(1_000_000), tooComplex],
  'comments by the ten thousand': [() => `{__typename}${'#\n'.repeat(30_000)}`, tooComplex],
  'as many comments as may be': [() => `{__typename}${'#\n'.repeat(999)}`, answered()],
  'empty lines before faults': [() => `${'\n'.repeat(60_000)}{ ${times(100, (i) => `x${i}`)} }`, tooComplex],
  'as many empty lines as may be, before faults': [
    () => `${'\r\n'.repeat(990)}{ ${times(300, (i) => `x${i}`)} }`,
    invalid,
  ],
  'lines in a block of text': [() => `{ node(id: """${' \n'.repeat(20_000)}""") { id } }`, tooComplex],
  'a name of 60,000 letters': [() => `{ ${'x'.repeat(60_000)} }`, invalid],
  'a type of 60,000 letters': [() => `{ ... on ${'X'.repeat(60_000)} { __typename } }`, invalid],
  'a text of 60,000 letters': [() => `{ node(id: "${'x'.repeat(60_000)}") { id } }`, answered()],
  'a name that each of 240 faults repeats': [
    () => `query ${'L'.repeat(60_000)}(${times(240, (i) => `$v${i}: ID`)}) { __typename }`,
    invalid,
  ],
};

const fragments: Table = {
  'a fragment of itself': [() => '{ ...A } fragment A on Query { ...A }', invalid],
  'two fragments of each other': [
    () => '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }',
    invalid,
  ],
  'a ring of 90 fragments': [
    () => `{ ...F0 } ${times(90, (i) => `fragment F${i} on Query { ...F${String((+i + 1) % 90)} }`)}`,
    invalid,
  ],
  'fragments each of which spreads all': [
    () => `{ ...F0 } ${times(17, (i) => `fragment F${i} on Query { ${times(17, (k) => `...F${k}`)} }`)}`,
    invalid,
  ],
  'fragments that double 60 times, of nothing': [() => doubling('__typename'), answered()],
  'fragments that double 60 times, of a job': [() => doubling(job('name')), tooComplex],
  'fragments that double 60 times, inside of a job': [
    () => `{ ${job('...F0')} } ${doublingFragments('JobInstance', 'name')}`,
    answered(1),
  ],
  'fragments that nobody uses': [
    () => `{ __typename } ${times(100, (i) => `fragment F${i} on Query { __typename }`)}`,
    invalid,
  ],
  'fragments of one name': [() => `{ ...F } ${'fragment F on Query { __typename } '.repeat(100)}`, invalid],
  'a fragment that there is not': [() => `{ ${'...F '.repeat(450)} }`, invalid],
  'a fragment on no type': [() => '{ ...A } fragment A on Nothing { id }', invalid],
  'a fragment on a leaf': [() => '{ ...A } fragment A on ID { id }', invalid],
  'a fragment on an input': [() => '{ ...A } fragment A on ScopeInput { bkBizId }', invalid],
  'fragments within fragments, 320 deep': [() => nested(320, '{...', '{__typename}', '}'), answered()],
  'one fragment spread 450 times': [
    () => `{ ${'...F '.repeat(450)} } fragment F on Query { __typename }`,
    answered(),
  ],
};

const doublingFragments = (on: string, leaf: string) =>
  `${times(60, (i) => `fragment F${i} on ${on} { ...F${String(+i + 1)} ...F${String(+i + 1)} }`)} ` +
  `fragment F60 on ${on} { ${leaf} }`;

const doubling = (leaf: string) => `{ ...F0 } ${doublingFragments('Query', leaf)}`;

const floods: Table = {
  'a leaf under 330 names': [() => `{ ${times(330, (i) => `a${i}: __typename`)} }`, answered()],
  'one job under 50 names': [() => `{ ${times(50, (i) => `a${i}: ${job('name')}`)} }`, answered(1)],
  'hosts of hosts': [() => `{ ${job(nested(3, 'ipResults { step { ', 'name', ' } }'))} }`, tooComplex],
  'all hosts under 50 names': [
    () => `{ ${job(times(50, (i) => `a${i}: ipResults { step { name } }`))} }`,
    tooComplex,
  ],
  'groups of groups': [
    () => `{ ${job('ipResultGroups(limit: 1000) { ipResults(limit: 1000) { ip } }')} }`,
    tooComplex,
  ],
  'a list of two thousand million': [() => `{ ${job('ipResults(limit: 2147483647) { ip }')} }`, tooComplex],
  'a page of two thousand million': [
    () => `{ ${job('ipResultConnection(first: 2147483647) { edges { cursor } }')} }`,
    tooComplex,
  ],
  'fields within fields, 330 deep': [() => nested(330, '{a', '{a}', '}'), invalid],
  'lists within lists, 480 deep': [() => `{ node(id: ${nested(480, '[', '1', ']')}) { id } }`, invalid],
  'objects within objects, 240 deep': [() => `{ node(id: ${nested(240, '{a:', '1', '}')}) { id } }`, invalid],
  'a list of 900 wrong numbers': [
    () => `{ ${job(`ipResults(filter: {exitCode: [${'"a" '.repeat(900)}]}) { ip }`)} }`,
    invalid,
  ],
  'a list of 900 jobs': [
    () =>
      `{ jobInstancesById(scope: {bkBizId: 2}, jobInstanceIds: [${times(900, (i) => i)}]) { jobInstanceId } }`,
    answered(0, 'BAD_USER_INPUT'),
  ],
  'a field 990 times': [() => `{ ${'__typename '.repeat(990)} }`, invalid],
  'a job 50 times': [() => `{ ${`${job('name')} `.repeat(50)} }`, answered(1)],
  'fields of one name that differ, 300 times': [
    () => `{ ${job(times(300, (i) => `x: ${['name', 'status', 'id', 'phase'][+i % 4]!}`))} }`,
    invalid,
  ],
  'fields of one name that differ, spread over fragments': [
    () =>
      `{ ${job(times(20, (i) => `...F${i}`))} } ` +
      times(
        20,
        (i) => `fragment F${i} on JobInstance { x: ${+i % 2 ? 'id' : 'name'} ...F${String((+i + 1) % 20)} }`,
      ),
    invalid,
  ],
  'arguments of one name that differ, 40 times': [
    () => `{ ${times(40, (i) => `a: jobInstance(scope: {bkBizId: ${i}}, jobInstanceId: 1) { id }`)} }`,
    invalid,
  ],
  'selections of one name within each other': [
    () => `{ ${job(nested(40, 'ipResults { step { ', 'name', ' } }'))} }`,
    tooComplex,
  ],
  'faults by the hundred': [() => `{ ${times(900, (i) => `x${i}`)} }`, invalid],
  'a directive 140 times': [() => `{ __typename ${'@include(if: true) '.repeat(140)} }`, invalid],
  'no directives, 480 of them': [() => `{ __typename ${'@a '.repeat(480)} }`, invalid],
  'conditions on 58 fields': [
    () => `{ ${times(58, (i) => `a${i}: __typename @skip(if: true) @include(if: true)`)} }`,
    answered(),
  ],
  'each of 10,000 hosts under 300 names': [
    () => `{ ${job(`ipResults { ${times(300, (i) => `a${i}: ip`)} }`, '20000000009')} }`,
    answered(1, 'OPERATION_TOO_COMPLEX'),
  ],
  'each of 10,000 hosts under a name of 60,000 letters': [
    () => `{ ${job(`ipResults { ${'a'.repeat(60_000)}: ip }`, '20000000009')} }`,
    answered(1, 'OPERATION_TOO_COMPLEX'),
  ],
  'a delivery in parts': [() => '{ ... @defer { __typename } }', invalid],
};

const operations: Table = {
  'a mutation': [() => 'mutation { __typename }', badInput],
  'a subscription': [() => 'subscription { __typename }', invalid],
  'operations by the hundred, none of them named': [() => '{ __typename } '.repeat(240), invalid],
  'operations of one name': [() => 'query A { __typename } '.repeat(190), invalid],
  'operations by the hundred, none of them chosen': [
    () => times(190, (i) => `query Q${i} { __typename }`),
    refused(400, 'OPERATION_RESOLUTION_FAILURE'),
  ],
  'operations that share a fragment of 100 fields': [
    () =>
      `${times(60, (i) => `query Q${i} { ...F }`)} fragment F on Query { ${times(100, (i) => `x${i}: __typename`)} }`,
    refused(400, 'OPERATION_RESOLUTION_FAILURE'),
  ],
  'a type of its own': [() => '{ __typename } type Query { secret: String }', invalid],
  'a change of the schema': [() => 'extend schema { mutation: Query }', invalid],
  'variables that nobody uses, 240 of them': [
    () => `query (${times(240, (i) => `$v${i}: ID`)}) { __typename }`,
    invalid,
  ],
  'variables of one name, 240 of them': [() => `query (${'$v: ID '.repeat(240)}) { __typename }`, invalid],
  'variables of no type': [() => `query (${times(190, (i) => `$v${i}: T${i}`)}) { __typename }`, invalid],
  'variables that there are not': [
    () => `{ ${times(70, (i) => `a${i}: node(id: $v${i}) { id }`)} }`,
    invalid,
  ],
};

const schema: Table = {
  'the whole schema where it is not told': [() => getIntrospectionQuery(), invalid],
  'a type where it is not told': [() => '{ __type(name: "Query") { name } }', invalid],
  'the SDL where it is not told': [() => '{ _service { sdl } }', invalid],
  'the SDL by a fragment': [() => '{ ...A } fragment A on Query { a: _service { b: sdl } }', invalid],
  'the schema under 100 names': [
    () => `{ ${times(100, (i) => `a${i}: __schema { types { name } }`)} }`,
    invalid,
  ],
  'types of fields of types of fields': [
    () => `{ __schema { types ${nested(8, '{ fields { type ', '{ name }', ' } }')} } }`,
    invalid,
    'open',
  ],
  'fields of types under 100 names': [
    () =>
      `{ __schema { types { ${times(10, (i) => `a${i}: fields { type { ${times(12, (k) => `b${k}: fields { name }`)} } }`)} } } }`,
    tooComplex,
    'open',
  ],
  'the SDL under 160 names': [
    () => `{ ${times(160, (i) => `a${i}: _service { sdl }`)} }`,
    tooComplex,
    'open',
  ],
  'names close to those of the schema': [() => `{ ${times(450, (i) => `jobInstanc${i}`)} }`, invalid, 'open'],
};

/** Names that mean something to JavaScript. */
const names: Table = {
  ...Object.fromEntries(
    ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'then', 'toJSON'].flatMap((name) => [
      [`an alias ${name}`, [() => `{ ${name}: __typename }`, answered()] as const],
      [`a field ${name}`, [() => `{ ${name} }`, invalid] as const],
      [
        `a fragment ${name}`,
        [() => `{ ...${name} } fragment ${name} on Query { __typename }`, answered()] as const,
      ],
    ]),
  ),
  'an operation __proto__': [() => 'query __proto__ { __typename }', answered()],
  'a type __proto__': [() => '{ ... on __proto__ { __typename } }', invalid],
  'a type constructor': [() => '{ ... on constructor { __typename } }', invalid],
  'a directive constructor': [() => '{ __typename @constructor }', invalid],
  'an argument __proto__': [() => '{ node(__proto__: 1, id: 1) { id } }', invalid],
  'an input field __proto__': [
    () => '{ jobInstance(scope: {__proto__: 1}, jobInstanceId: 1) { id } }',
    invalid,
  ],
  'an input field constructor': [
    () => '{ jobInstance(scope: {constructor: 1}, jobInstanceId: 1) { id } }',
    invalid,
  ],
  'an order constructor': [() => `{ ${job('ipResults(orderBy: constructor) { ip }')} }`, invalid],
  'a type of a variable constructor': [() => 'query ($a: constructor) { __typename }', invalid],
  'a variable __proto__': [
    () => 'query ($__proto__: Boolean = true) { __typename @skip(if: $__proto__) }',
    answered(),
  ],
  'a variable constructor': [
    () => 'query ($constructor: Boolean = true) { __typename @skip(if: $constructor) }',
    answered(),
  ],
};

const values: Table = {
  'a number beyond all': [() => '{ node(id: 1e999) { id } }', invalid],
  'a limit beyond 32 bits': [() => `{ ${job('ipResults(limit: 99999999999) { ip }')} }`, invalid],
  'an id of 60,000 digits': [() => `{ ${job('name', '9'.repeat(60_000))} }`, answered(0, 'BAD_USER_INPUT')],
  'an id of digits of another script': [() => `{ ${job('name', '"１２"')} }`, answered(0, 'BAD_USER_INPUT')],
  'an id that is a path': [() => `{ ${job('name', '"../../1"')} }`, answered(0, 'BAD_USER_INPUT')],
  'an id that is a query': [() => `{ ${job('name', '"1&bk_biz_id=3"')} }`, answered(0, 'BAD_USER_INPUT')],
  'an id that is a header': [() => `{ ${job('name', '"1\\r\\nx: y"')} }`, answered(0, 'BAD_USER_INPUT')],
  'an id below zero': [() => `{ ${job('name', '-1')} }`, answered(0, 'BAD_USER_INPUT')],
  'an id with a point': [() => `{ ${job('name', '"1.0"')} }`, answered(0, 'BAD_USER_INPUT')],
  'a business beyond 64 bits': [
    () => '{ jobInstance(scope: {bkBizId: 99999999999999999999}, jobInstanceId: 1) { id } }',
    answered(0, 'BAD_USER_INPUT'),
  ],
  'two scopes in one': [
    () => '{ jobInstance(scope: {bkBizId: 1, bkBizSetId: 2}, jobInstanceId: 1) { id } }',
    invalid,
  ],
  'a global id of nobody': [() => '{ node(id: "biz:2:1:2:3:4:5:6:7:8") { id } }', answered(1)],
  'references of no type': [
    () => '{ _entities(representations: [{__typename: "__proto__", id: 1}]) { __typename } }',
    answered(0, 'BAD_USER_INPUT'),
  ],
};

const tables: readonly Table[] = [texts, fragments, floods, operations, schema, names, values];

/** Documents that a client may send and should not. */
export function hostileDocuments(): readonly HostileInput[] {
  return tables.flatMap((table) =>
    Object.entries(table).map(([name, [document, wanted, setup]]) =>
      ask(`document: ${name}`, wanted, (target) => toRequest(target, { body: toBody(document()) }), setup),
    ),
  );
}
