import fc from 'fast-check';

/** JSON text, now and then with white space wherever it may stand. */
const space = fc.oneof(
  { weight: 12, arbitrary: fc.constant('') },
  { weight: 1, arbitrary: fc.constantFrom(' ', '\n', '\t', '\r\n  ') },
);

/** Texts as JSON writes them and as it may write them: every escape, halves of pairs, all of Unicode. */
const text: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.string({ maxLength: 8 }).map((value) => JSON.stringify(value)) },
  {
    weight: 2,
    arbitrary: fc.string({ unit: 'grapheme', maxLength: 6 }).map((value) => JSON.stringify(value)),
  },
  {
    weight: 2,
    arbitrary: fc
      .array(
        fc.constantFrom(
          ...[String.raw`\"`, String.raw`\\`, String.raw`\/`, String.raw`\b`, String.raw`\f`, String.raw`\n`],
          ...[
            String.raw`\r`,
            String.raw`\t`,
            String.raw`\u0041`,
            String.raw`\uD83D\uDE00`,
            String.raw`\ud800`,
          ],
          ...['作业', 'é', '😀', '\u2028', 'x', '\u007f'],
        ),
        { maxLength: 6 },
      )
      .map((parts) => `"${parts.join('')}"`),
  },
);

/** What no reader takes for a text, or for JSON at all. */
const brokenText = fc.constantFrom('"\u0001"', String.raw`"\x"`, String.raw`"\u12g4"`, '"', '"\n"', "'a'");

const oddNumber = fc.constantFrom(
  ...['-0', '0', '-1', '1.0', '1e3', '1E+2', '0.5', '01', '-', '1.', '.5', '+1', 'NaN', '-00', '2147483647'],
  ...['2147483648', '-2147483648', '-2147483649', '999999999999999', '1000000000000000', '9007199254740993'],
  ...['9223372036854775807', '9223372036854775808', '99999999999999999999', '-9223372036854775808', '1e400'],
);

const anything: fc.Arbitrary<string> = fc.oneof(
  { weight: 2, arbitrary: text },
  { weight: 2, arbitrary: oddNumber },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      'null',
      'true',
      'false',
      '[]',
      '{}',
      '[1,[2,{"a":[]}]]',
      '{"status":11}',
      'nul',
    ),
  },
);

const number = (max: number) => fc.integer({ min: 0, max }).map(String);
const id = fc.oneof(
  number(400),
  fc.bigInt({ min: -9n, max: 9_223_372_036_854_775_807n }).map(String),
  fc.bigInt({ min: 0n, max: 9_223_372_036_854_775_807n }).map((value) => `"${String(value)}"`),
);
const instant = fc.integer({ min: 0, max: 4_102_444_800_000 }).map(String);
const ip = fc.oneof(
  fc.ipV4().map((address) => JSON.stringify(address)),
  fc.constantFrom('""', '"fe80::1"'),
);

/** How often something is not as bk-job sends it. */
export interface Oddity {
  /** A member whose value is anything, is left out, comes twice or goes by an escaped name: one in so many. */
  readonly oddMember: number;
}

const mayBeNull: ReadonlySet<string> = new Set([
  ...['bk_host_id', 'ip', 'bk_cloud_id', 'tag', 'exit_code', 'error_code', 'start_time', 'end_time'],
  ...['total_time', 'create_time', 'bk_biz_id', 'step_ip_result_list'],
]);

interface Member {
  readonly name: string;
  readonly value: string | null;
}

function member(
  name: string,
  value: fc.Arbitrary<string>,
  { oddMember }: Oddity,
): fc.Arbitrary<readonly Member[]> {
  const one = (of: fc.Arbitrary<string>) => of.map((valueText) => [{ name, value: valueText }]);
  const odd = fc.oneof(
    one(anything),
    one(brokenText),
    fc.constant([]),
    fc.tuple(value, value).map((values) => values.map((valueText) => ({ name, value: valueText }))),
    value.map((valueText) => [
      { name: `\\u${name.charCodeAt(0).toString(16).padStart(4, '0')}${name.slice(1)}`, value: valueText },
    ]),
    value.map((valueText) => [
      { name, value: valueText },
      { name: `x_${name}`, value: valueText },
    ]),
  );
  return fc.oneof(
    { weight: oddMember, arbitrary: one(value) },
    { weight: mayBeNull.has(name) ? oddMember / 4 : 0, arbitrary: one(fc.constant('null')) },
    { weight: 1, arbitrary: odd },
  );
}

function object(members: readonly fc.Arbitrary<readonly Member[]>[]): fc.Arbitrary<string> {
  return fc
    .tuple(fc.tuple(...members), fc.boolean(), fc.array(space, { minLength: 8, maxLength: 8 }))
    .chain(([lists, isShuffled, gaps]) => {
      const entries = lists.flat();
      const ordered = isShuffled
        ? fc.shuffledSubarray(entries, { minLength: entries.length })
        : fc.constant(entries);
      return ordered.map((inOrder) => {
        const gap = (index: number) => gaps[index % gaps.length]!;
        const written = inOrder.map(
          ({ name, value }, index) =>
            `${gap(index)}"${name}"${gap(index + 1)}:${gap(index + 2)}${value!}${gap(index + 3)}`,
        );
        return `{${written.join(',')}}`;
      });
    });
}

function list(item: fc.Arbitrary<string>, maxLength: number, minLength = 0): fc.Arbitrary<string> {
  return fc
    .tuple(fc.array(item, { minLength, maxLength }), space)
    .map(([items, gap]) => `[${gap}${items.join(`,${gap}`)}${gap}]`);
}

/** Random bytes of an answer with hosts: as bk-job sends them, but for oddities of every kind. */
export function arbitraryWireText(jobInstanceId: string, oddity: Oddity): fc.Arbitrary<string> {
  const of = (name: string, value: fc.Arbitrary<string>) => member(name, value, oddity);
  const times = [of('start_time', instant), of('end_time', instant), of('total_time', number(9_000_000))];
  const row = object([
    of('bk_host_id', id),
    of('ip', ip),
    of('bk_cloud_id', id),
    of('status', fc.oneof(number(20), number(500))),
    of('tag', text),
    of('exit_code', fc.integer({ min: -1, max: 255 }).map(String)),
    of('error_code', number(1_500)),
    ...times,
  ]);
  const step = object([
    of('step_instance_id', number(1_000_000)),
    of('name', text),
    of('status', number(20)),
    of('type', number(6)),
    of('execute_count', number(5)),
    of('create_time', instant),
    of('step_ip_result_list', list(row, 6)),
    ...times,
  ]);
  const job = object([
    of('bk_biz_id', fc.constant('2')),
    of('job_instance_id', fc.constant(jobInstanceId)),
    of('name', text),
    of('status', number(20)),
    of('create_time', instant),
    ...times,
  ]);
  const data = object([
    of('finished', fc.boolean().map(String)),
    of('job_instance', job),
    of('step_instance_list', list(step, 4, 1)),
  ]);
  return object([
    of('code', fc.constant('0')),
    of('result', fc.constant('true')),
    of('job_request_id', fc.constant('"5f3c1d0a9b7e4c62"')),
    of('data', data),
  ]);
}
