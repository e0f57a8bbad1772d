import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JobApiError, type JobApiErrorCode } from '../../../../src/domain/errors.ts';
import { openEnvelope, type WireResponse } from '../../../../src/upstream/wire/envelope.ts';

const options = { permissionApplyUrl: 'https://iam.example.com' };

interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

function responseOf({ status = 200, headers = {}, body }: Answer): WireResponse {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { status, headers, body: new TextEncoder().encode(text) };
}

function failureOf(answer: Answer): JobApiError {
  try {
    openEnvelope(responseOf(answer), options);
  } catch (error) {
    if (error instanceof JobApiError) return error;
    throw error;
  }
  throw new Error('The answer is a success.');
}

describe('a success', () => {
  it.each([200, 201, 299])('is a result of true with status %i', (status) => {
    const body = { result: true, code: 0, data: { finished: true }, job_request_id: 'abc' };
    expect(openEnvelope(responseOf({ status, body }), options)).toEqual({
      data: { finished: true },
      requestId: 'abc',
    });
  });

  it.each([undefined, null, [], 'text', 5])('without data that is an object is no answer: %j', (data) => {
    expect(failureOf({ body: { result: true, code: 0, data, job_request_id: 'abc' } })).toMatchObject({
      code: 'UPSTREAM_BAD_RESPONSE',
      requestId: 'abc',
    });
  });

  it.each([
    [199, 'UPSTREAM_BAD_RESPONSE'],
    [300, 'UPSTREAM_BAD_RESPONSE'],
    [302, 'UPSTREAM_BAD_RESPONSE'],
    [399, 'UPSTREAM_BAD_RESPONSE'],
    [400, 'UPSTREAM_ERROR'],
    [500, 'UPSTREAM_ERROR'],
    [503, 'UPSTREAM_UNAVAILABLE'],
  ])('is not one of status %i', (status, code) => {
    expect(failureOf({ status, body: { result: true, data: {} } }).code).toBe(code);
  });
});

/** The table of schema.md 7, number by number. */
const codesOfNumbers: Readonly<Partial<Record<JobApiErrorCode, readonly number[]>>> = {
  NOT_FOUND: [1244006, 1244007, 1243049],
  PERMISSION_DENIED: [9900403, 1238001, 1306402],
  UNAUTHENTICATED: [1640001, 1640100, 1640101, 1640102, 1247002, 1306401],
  BAD_USER_INPUT: [
    1240003, 1241001, 1241002, 1241004, 1241005, 1241007, 1241008, 1241010, 1241012, 1241013, 1241025,
    1306406,
  ],
  RATE_LIMITED: [1642901, 1642902, 1642903, 1642904, 1306429, 1244032, 1244033, 1244034],
  UPSTREAM_TIMEOUT: [1650401],
  UPSTREAM_UNAVAILABLE: [
    1650001, 1650200, 1650201, 1650300, 1306201, 1240001, 1211001, 1250001, 1252001, 1255001,
  ],
  UPSTREAM_ERROR: [1240002, 1306000, 1, 1244999, -1],
  SERVICE_MISCONFIGURED: [
    1640004, 1640301, 1640302, 1640303, 1640304, 1640401, 1641301, 1641401, 1650002, 1650801, 1306203,
    1306206, 1306207, 1306209, 1306403, 1306404, 1306405, 1306408, 1240005, 1247004, 1210005, 1210006,
    1241024,
  ],
};
const numbers = Object.entries(codesOfNumbers).flatMap(([code, list]) =>
  list.map((number) => [number, code as JobApiErrorCode] as const),
);
const textForClients = ['NOT_FOUND', 'PERMISSION_DENIED', 'BAD_USER_INPUT'];

describe.each(numbers)('the number %i', (number, code) => {
  it.each([
    ['bk-job v3', { result: false, code: number, message: 'upstream text' }],
    ['the gateway', { code: number, code_name: 'NAME', message: 'upstream text', result: false, data: null }],
    [
      'bk-job v4',
      { error: { code: 'WORD', message: 'upstream text', details: [{ code: String(number), message: '' }] } },
    ],
  ])(`is ${code} from %s, whatever the HTTP status`, (_who, body) => {
    for (const status of [200, 400, 500]) {
      const error = failureOf({ status, body });
      expect(error.code).toBe(code);
      if (number > 0) expect(error.upstreamCode).toBe(number);
      expect(error.message === 'upstream text').toBe(textForClients.includes(code));
    }
  });
});

describe('the word of v4', () => {
  it.each([
    ['NOT_FOUND', 'NOT_FOUND'],
    ['NO_PERMISSION', 'PERMISSION_DENIED'],
    ['IAM_NO_PERMISSION', 'PERMISSION_DENIED'],
    ['UNAUTHENTICATED', 'UNAUTHENTICATED'],
    ['INVALID_ARGUMENT', 'BAD_USER_INPUT'],
    ['RESOURCE_EXHAUSTED', 'RATE_LIMITED'],
    ['RATELIMIT_EXCEED', 'RATE_LIMITED'],
    ['INTERNAL', 'UPSTREAM_ERROR'],
    ['SOMETHING_NEW', 'UPSTREAM_ERROR'],
  ])('%s is %s where no number tells', (word, code) => {
    for (const details of [undefined, [], 'none', [{ code: '1244999' }], [null]]) {
      expect(failureOf({ status: 400, body: { error: { code: word, message: 'text', details } } }).code).toBe(
        code,
      );
    }
  });

  it('yields to a number, the first that is known', () => {
    const details = [{ code: '1244999' }, { code: '1241004' }, { code: '1244006' }];
    expect(failureOf({ body: { error: { code: 'NOT_FOUND', details } } }).code).toBe('BAD_USER_INPUT');
  });

  it('that is no text is none', () => {
    expect(failureOf({ status: 503, body: { error: { code: 5 } } })).toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      upstreamCode: null,
    });
  });

  it('brings the permission along', () => {
    const data = { system_id: 'bk_job', actions: [] };
    expect(failureOf({ status: 403, body: { error: { code: 'NO_PERMISSION', data } } }).permission).toEqual({
      systemId: 'bk_job',
      actions: [],
      applyUrl: 'https://iam.example.com',
    });
  });
});

it('what is known decides before the HTTP status', () => {
  expect(failureOf({ status: 503, body: { result: false, code: 1240002 } }).code).toBe('UPSTREAM_ERROR');
  expect(failureOf({ status: 503, body: { result: false, code: 1306000 } }).code).toBe('UPSTREAM_ERROR');
  expect(failureOf({ status: 503, body: { error: { code: 'INTERNAL' } } }).code).toBe('UPSTREAM_ERROR');
});

it.each([1244006, '0', -1])('a result of true beside the code %j is no success', (code) => {
  expect(failureOf({ body: { result: true, code, data: {} } }).code).toBe('UPSTREAM_BAD_RESPONSE');
});

it.each([1, 'true', null])('a result of %j is no success, whatever comes with it', (result) => {
  expect(failureOf({ body: { result, code: 0, data: {} } }).code).toBe('UPSTREAM_BAD_RESPONSE');
});

describe('the HTTP status', () => {
  it.each([
    [400, 'UPSTREAM_ERROR'],
    [401, 'UNAUTHENTICATED'],
    [403, 'UPSTREAM_ERROR'],
    [404, 'UPSTREAM_ERROR'],
    [408, 'UPSTREAM_UNAVAILABLE'],
    [429, 'RATE_LIMITED'],
    [500, 'UPSTREAM_ERROR'],
    [502, 'UPSTREAM_UNAVAILABLE'],
    [503, 'UPSTREAM_UNAVAILABLE'],
    [504, 'UPSTREAM_TIMEOUT'],
    [200, 'UPSTREAM_BAD_RESPONSE'],
    [302, 'UPSTREAM_BAD_RESPONSE'],
  ])('%i decides where nothing else tells: %s', (status, code) => {
    const headers = { 'x-bkapi-request-id': 'id-1' };
    for (const body of ['', '<html>', '[]', '5', 'null', '{}', '{"error":"text"}', '{"result":"false"}']) {
      const error = failureOf({ status, headers, body });
      expect(error).toMatchObject({ code, requestId: 'id-1', upstreamCode: null, permission: null });
      expect(error.message).not.toContain('html');
    }
  });

  it('decides for numbers that nobody knows', () => {
    expect(failureOf({ status: 503, body: { result: false, code: 1244999 } }).code).toBe(
      'UPSTREAM_UNAVAILABLE',
    );
    expect(failureOf({ status: 504, body: { result: false } })).toMatchObject({
      code: 'UPSTREAM_TIMEOUT',
      upstreamCode: null,
    });
  });
});

describe('the number of ESB for everything', () => {
  it.each([
    ['User authentication failed, please check if the bk_token is valid', 'UNAUTHENTICATED'],
    ['用户认证失败，请检查 bk_token', 'UNAUTHENTICATED'],
    [
      'Signature [bk_signature] and APP Secret [bk_app_secret] cannot be empty at the same time',
      'UPSTREAM_ERROR',
    ],
    ['', 'UPSTREAM_ERROR'],
  ])('is read by its text: %s', (message, code) => {
    expect(failureOf({ body: { result: false, code: 1306000, message } })).toMatchObject({
      code,
      upstreamCode: 1306000,
    });
  });

  it('is the only one that is', () => {
    const body = { result: false, code: 1240002, message: 'User authentication failed' };
    expect(failureOf({ body }).code).toBe('UPSTREAM_ERROR');
  });
});

describe('a number', () => {
  it.each([2 ** 31, 1.5, '12345678901', 'x', 'x1244006', '1244006x', null, true, {}])('is not %s', (code) => {
    expect(failureOf({ body: { result: false, code } })).toMatchObject({
      code: 'UPSTREAM_ERROR',
      upstreamCode: null,
    });
  });

  it('may be as large as 32 bits hold', () => {
    expect(failureOf({ body: { result: false, code: 2 ** 31 - 1 } }).upstreamCode).toBe(2 ** 31 - 1);
  });

  it('may be written as text', () => {
    expect(failureOf({ body: { result: false, code: '1244006' } })).toMatchObject({
      code: 'NOT_FOUND',
      upstreamCode: 1244006,
    });
  });
});

describe('a text for clients', () => {
  it('is cut where it is very long, and our own where there is none', () => {
    const long = failureOf({ body: { result: false, code: 1244006, message: 'x'.repeat(5_000) } });
    expect(long.message).toBe('x'.repeat(1_000));
    const halved = failureOf({
      body: { result: false, code: 1244006, message: `${'x'.repeat(999)}\u{1f600}` },
    });
    expect(halved.message).toBe('x'.repeat(999));
    for (const message of ['', null, 5, undefined]) {
      expect(failureOf({ body: { result: false, code: 1244006, message } }).message).toBe(
        new JobApiError('NOT_FOUND').message,
      );
    }
  });
});

describe('the id of a request', () => {
  const headers = {
    'x-bk-job-request-id': 'job-header',
    'x-bkapi-request-id': 'gateway',
    'x-request-id': 'any',
  };
  const body = { result: false, code: 1, job_request_id: 'job', request_id: 'esb' };

  it('is the one that the nearest to bk-job gave', () => {
    expect(failureOf({ headers, body }).requestId).toBe('job');
    const { job_request_id: _job, ...withoutJob } = body;
    expect(failureOf({ headers, body: withoutJob }).requestId).toBe('job-header');
    expect(
      failureOf({ headers: { 'x-bkapi-request-id': 'gateway', 'x-request-id': 'any' }, body: withoutJob })
        .requestId,
    ).toBe('gateway');
    expect(failureOf({ headers: { 'x-request-id': 'any' }, body: withoutJob }).requestId).toBe('esb');
    expect(failureOf({ headers: { 'x-request-id': 'any' }, body: { result: false } }).requestId).toBe('any');
    expect(failureOf({ body: { result: false } }).requestId).toBeNull();
  });

  it.each(['', 'a b', 'x'.repeat(129), 'a\nb', 'é', 5, null, { id: 1 }])('is not %j', (id) => {
    expect(
      failureOf({ headers: { 'x-request-id': 'any' }, body: { ...body, job_request_id: id, request_id: id } })
        .requestId,
    ).toBe('any');
  });

  it('may be 128 characters long', () => {
    const id = 'a'.repeat(128);
    expect(failureOf({ body: { result: false, job_request_id: id } }).requestId).toBe(id);
  });
});

it('what is missing is told with denials only', () => {
  const permission = { system_id: 'bk_job', actions: [] };
  const expected = { systemId: 'bk_job', actions: [], applyUrl: 'https://iam.example.com' };
  expect(failureOf({ body: { result: false, code: 9900403, permission } }).permission).toEqual(expected);
  expect(failureOf({ body: { result: false, code: 1244006, permission } }).permission).toBeNull();
});

it('whatever is sent, it is opened or refused with an error of this service', () => {
  fc.assert(
    fc.property(fc.integer({ min: 100, max: 599 }), fc.oneof(fc.json(), fc.string()), (status, body) => {
      try {
        openEnvelope(responseOf({ status, body }), options);
      } catch (error) {
        expect(error).toBeInstanceOf(JobApiError);
      }
    }),
  );
});
