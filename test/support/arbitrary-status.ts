import fc from 'fast-check';

/** A member that bk-job may leave out, send as null, or send. The value is JSON text, so that 64-bit numbers stay whole. */
function optional(value: fc.Arbitrary<string>): fc.Arbitrary<string | undefined> {
  return fc.oneof(
    { weight: 3, arbitrary: value },
    { weight: 1, arbitrary: fc.constantFrom('null', undefined) },
  );
}

const id = fc.bigInt({ min: 1n, max: 9_223_372_036_854_775_807n }).map(String);
const smallId = fc.integer({ min: 1, max: 9 }).map(String);
const int = (max: number) => fc.integer({ min: 0, max }).map(String);
const text = fc.string({ unit: 'grapheme', maxLength: 12 }).map((value) => JSON.stringify(value));
const instant = fc.integer({ min: 1, max: 4_102_444_800_000 }).map(String);
const times = {
  start_time: optional(fc.oneof(instant, fc.constant('0'))),
  end_time: optional(instant),
  total_time: optional(int(2_000_000)),
};

const hostRow = object({
  bk_host_id: optional(fc.oneof(id, smallId)),
  ip: optional(
    fc.oneof(
      fc.ipV4().map((ip) => JSON.stringify(ip)),
      fc.constant('""'),
    ),
  ),
  bk_cloud_id: optional(fc.oneof(id, fc.constant('0'))),
  status: fc.oneof(int(20), int(500), fc.constantFrom('9', '11', '104', '777', '2147483647')),
  tag: optional(text),
  exit_code: optional(fc.integer({ min: -1, max: 255 }).map(String)),
  error_code: optional(int(1_500)),
  unknown_member: optional(text),
  ...times,
});

const step = object({
  step_instance_id: id,
  name: text,
  status: int(20),
  type: int(6),
  execute_count: int(5),
  create_time: optional(instant),
  step_ip_result_list: optional(list(hostRow, 0, 6)),
  ...times,
});

/** The JSON text of a random, valid `data` of a status of one job: every member that may be null or absent sometimes is. */
export function arbitraryStatus(jobInstanceId: string): fc.Arbitrary<string> {
  return object({
    finished: fc.boolean().map(String),
    job_instance: object({
      bk_biz_id: optional(fc.constant('2')),
      bk_scope_type: optional(fc.constant('"biz"')),
      bk_scope_id: optional(fc.constant('"2"')),
      job_instance_id: fc.constant(jobInstanceId),
      name: text,
      status: int(20),
      create_time: optional(instant),
      ...times,
    }),
    step_instance_list: list(step, 1, 4),
  });
}

function object(members: Readonly<Record<string, fc.Arbitrary<string | undefined>>>): fc.Arbitrary<string> {
  return fc.record(members).chain((values) => {
    const present = Object.entries(values).filter(([, value]) => value !== undefined);
    const inAnyOrder = fc.shuffledSubarray(present, { minLength: present.length });
    return inAnyOrder.map(
      (entries) => `{${entries.map(([name, value]) => `"${name}": ${value!}`).join(', ')}}`,
    );
  });
}

function list(item: fc.Arbitrary<string>, minLength: number, maxLength: number): fc.Arbitrary<string> {
  return fc.array(item, { minLength, maxLength }).map((items) => `[${items.join(',')}]`);
}
