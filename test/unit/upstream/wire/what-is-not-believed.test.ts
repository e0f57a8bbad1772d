import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JobApiError } from '../../../../src/domain/errors.ts';
import { createSecretCheck } from '../../../../src/secrets/secret-search.ts';
import { openEnvelope, type EnvelopeOptions } from '../../../../src/upstream/wire/envelope.ts';
import { decodeJobInstanceStatus } from '../../../../src/upstream/wire/job-instance-status.ts';
import { parseWireJson, type WireObject } from '../../../../src/upstream/wire/json.ts';
import { readId } from '../../../../src/upstream/wire/members.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

function failureOf(body: unknown, options: Partial<EnvelopeOptions> = {}): JobApiError {
  try {
    openEnvelope(
      { status: 200, headers: {}, body: bytes(JSON.stringify(body)) },
      { permissionApplyUrl: null, ...options },
    );
  } catch (error) {
    if (error instanceof JobApiError) return error;
    throw error;
  }
  throw new Error('The answer is a success.');
}

describe('a success that names a failure', () => {
  it.each([
    [{ error: { code: 'NOT_FOUND' } }, 'NOT_FOUND'],
    [{ code_name: 'INVALID_ARGS', code: 1640001 }, 'UNAUTHENTICATED'],
  ])('is the failure: %j', (failure, code) => {
    expect(failureOf({ result: true, data: { finished: true }, ...failure }).code).toBe(code);
  });

  it('is a success where the failure is null', () => {
    const body = { result: true, code: 0, data: {}, error: null, code_name: null };
    expect(
      openEnvelope(
        { status: 200, headers: {}, body: bytes(JSON.stringify(body)) },
        { permissionApplyUrl: null },
      ),
    ).toEqual({ data: {}, requestId: null });
  });
});

describe('an answer with data', () => {
  it.each([undefined, null, 'true', 1, {}])('is no success where its result is %j', (result) => {
    expect(failureOf({ result, code: 0, data: { finished: true } }).code).toBe('UPSTREAM_BAD_RESPONSE');
  });

  it('is no success with a status of a redirect', () => {
    const body = bytes('{"result":true,"code":0,"data":{}}');
    expect(() => openEnvelope({ status: 300, headers: {}, body }, { permissionApplyUrl: null })).toThrow(
      expect.objectContaining({ code: 'UPSTREAM_BAD_RESPONSE' }),
    );
  });
});

describe('a failure inside of bk-job', () => {
  it.each([
    { result: false, code: 1240002 },
    { result: false, code: 1306000 },
    { error: { code: 'INTERNAL' } },
  ])('stays one whatever the HTTP status makes of it: %j', (failure) => {
    const body = bytes(JSON.stringify(failure));
    expect(() => openEnvelope({ status: 503, headers: {}, body }, { permissionApplyUrl: null })).toThrow(
      expect.objectContaining({ code: 'UPSTREAM_ERROR' }),
    );
  });

  it('may have any number that a Java int can', () => {
    expect(failureOf({ result: false, code: 2 ** 31 - 1 }).upstreamCode).toBe(2 ** 31 - 1);
    expect(failureOf({ result: false, code: 2 ** 31 }).upstreamCode).toBeNull();
  });
});

describe('a text for clients', () => {
  const body = { result: false, code: 1244006, message: 'bk_app_secret=planted is wrong' };

  it('is left out where it repeats the secret of the application', () => {
    expect(failureOf(body, { holdsSecret: createSecretCheck('planted') }).message).toBe(
      new JobApiError('NOT_FOUND').message,
    );
  });

  it('is passed on where it does not', () => {
    expect(failureOf(body, { holdsSecret: createSecretCheck('other') }).message).toBe(body.message);
    expect(failureOf(body).message).toBe(body.message);
    expect(
      failureOf({ ...body, message: undefined }, { holdsSecret: createSecretCheck('planted') }).message,
    ).toBe(new JobApiError('NOT_FOUND').message);
  });
});

describe('the number of ESB for everything', () => {
  it.each([
    'User authentication failed, authentication parameter bk_token is required',
    'Please provide a valid user identity, such as bk_username',
    'The specified user TOKEN [bk_access_token] has expired, please apply for authorization again',
    'verify access_token failed, please check if the access_token is valid',
    '用户认证失败，应用不能仅凭 bk_username 调用',
    '请提供有效的用户身份，如 bk_token',
  ])('is a sign-in that failed: %s', (message) => {
    expect(failureOf({ result: false, code: 1306000, message }).code).toBe('UNAUTHENTICATED');
  });

  it.each([
    'APP Secret [bk_app_secret] cannot be empty',
    'APP authentication failed, please check if the bk_app_secret is valid',
    '应用认证失败，请检查 bk_app_secret 是否有效',
    'Unhandled error of the component',
  ])('is none where it is about the application or about ESB: %s', (message) => {
    const error = failureOf({ result: false, code: 1306000, message });
    expect(error.code).toBe('UPSTREAM_ERROR');
    expect(error.message).toBe(new JobApiError('UPSTREAM_ERROR').message);
  });
});

describe('an id', () => {
  it.each(['0', '1', '9007199254740993', '9223372036854775807', '-9223372036854775808'])(
    'may be written as text: %s',
    (id) => {
      expect(readId({ id }, 'id')).toBe(id);
      expect(readId(parseWireJson(bytes(`{"id":${id}}`)) as WireObject, 'id')).toBe(id);
    },
  );

  it.each(['', ' 1', '1 ', '01', '-0', '1.0', '1e3', 'x1', '1x', '12345678901234567890', '+1'])(
    'is not %j',
    (id) => {
      expect(() => readId({ id }, 'id')).toThrow(
        expect.objectContaining({ name: 'WireFormatError', message: 'id is not an id.' }),
      );
    },
  );

  it('is not a number of more than 19 digits', () => {
    expect(() => readId({ id: 12345678901234567890n }, 'id')).toThrow(/^id is not an id\.$/);
    expect(() => readId({ id: 2 ** 53 }, 'id')).toThrow(/^id is not an id\.$/);
  });

  it('of a job may be text on one side and a number on the other', () => {
    const data = {
      finished: true,
      job_instance: { job_instance_id: '100', name: 'job', status: 3 },
      step_instance_list: [{ step_instance_id: '75', name: 'step', status: 3, type: 1, execute_count: 0 }],
    };
    const job = { scope: { kind: 'biz', id: '2' }, jobInstanceId: '100' } as const;
    const decoded = decodeJobInstanceStatus(data, { job, hostDetail: true, observedAt: 0 });
    expect(decoded).toMatchObject({ jobInstanceId: '100', steps: [{ stepInstanceId: '75' }] });
  });
});

describe('a whole number too long for any id', () => {
  it('is the double that JSON.parse makes of it', () => {
    for (const digits of ['123456789012345678901', `-${'9'.repeat(21)}`, '9'.repeat(400)]) {
      expect(parseWireJson(bytes(`[${digits}]`))).toEqual([Number(digits)]);
    }
    expect(parseWireJson(bytes('[99999999999999999999,-99999999999999999999]'))).toEqual([
      99999999999999999999n,
      -99999999999999999999n,
    ]);
  });
});

it('any JSON reads as JSON.parse does, with every whole number exact, however it is laid out', () => {
  const long = fc.bigInt({ min: -(10n ** 20n) + 1n, max: 10n ** 20n - 1n });
  fc.assert(
    fc.property(fc.jsonValue(), fc.array(long), fc.nat({ max: 4 }), (value, numbers, indent) => {
      const text = `{"numbers":[${numbers.join(' ,\t')}],"value":${JSON.stringify(value, null, indent)}}`;
      const read = parseWireJson(bytes(text)) as { value: unknown; numbers: (number | bigint)[] };
      expect(read.numbers.map(String)).toEqual(numbers.map(String));
      expect(read.numbers.every((number) => typeof number === 'bigint' || Number.isSafeInteger(number))).toBe(
        true,
      );
      expect(withDoubles(read.value)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
    { numRuns: 300 },
  );
});

/** The same JSON with whole numbers as doubles, which is what JSON.parse knows. */
function withDoubles(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(withDoubles);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => [name, withDoubles(member)] as const);
  return Object.fromEntries(members);
}
