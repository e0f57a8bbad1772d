import { readFileSync } from 'node:fs';
import { Kind, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import {
  JobApiError,
  toJobApiError,
  toJobApiFailure,
  type JobApiErrorCode,
} from '../../../src/domain/errors.ts';

const retryableByCode: Readonly<Record<JobApiErrorCode, boolean>> = {
  NOT_FOUND: false,
  PERMISSION_DENIED: false,
  UNAUTHENTICATED: false,
  BAD_USER_INPUT: false,
  OPERATION_TOO_COMPLEX: false,
  RATE_LIMITED: true,
  UPSTREAM_TIMEOUT: true,
  UPSTREAM_UNAVAILABLE: true,
  UPSTREAM_ERROR: false,
  UPSTREAM_BAD_RESPONSE: false,
  SERVICE_MISCONFIGURED: false,
  INTERNAL_SERVER_ERROR: false,
};

const codes = Object.keys(retryableByCode) as JobApiErrorCode[];

describe('an error of this service', () => {
  it('has one of the codes of the schema', () => {
    const sdl = parse(readFileSync(new URL('../../../schema/errors.graphql', import.meta.url), 'utf8'));
    const inSchema = sdl.definitions.flatMap((definition) =>
      definition.kind === Kind.ENUM_TYPE_DEFINITION
        ? (definition.values ?? []).map(({ name }) => name.value)
        : [],
    );
    expect(codes).toEqual(inSchema);
  });

  it.each(codes)('of code %s has a text of its own and says whether trying again helps', (code) => {
    const error = new JobApiError(code);
    expect(error).toMatchObject({
      name: 'JobApiError',
      code,
      retryable: retryableByCode[code],
      retryAfter: null,
      upstreamCode: null,
      requestId: null,
      permission: null,
      price: null,
    });
    expect(error.message).toMatch(/^(?:bk-job|[A-Z]).{10,}\.$/);
    expect('cause' in error).toBe(false);
    expect(codes.filter((other) => new JobApiError(other).message === error.message)).toEqual([code]);
  });

  it('carries what is known of the failure', () => {
    const permission = { systemId: 'bk_job', actions: [], applyUrl: null };
    const price = { cost: 2, maxCost: 1 };
    const details = {
      retryAfter: 500,
      upstreamCode: 9900403,
      requestId: 'id',
      permission,
      price,
      cause: 'cause',
    };
    expect(new JobApiError('PERMISSION_DENIED', 'View History', details)).toMatchObject({
      message: 'View History',
      ...details,
    });
  });
});

it('a failure as data has the same fields and is no error', () => {
  const details = { retryAfter: 500, upstreamCode: 1, requestId: 'id', permission: null };
  const failure = toJobApiFailure(
    new JobApiError('RATE_LIMITED', 'Slow down.', { ...details, cause: 'secret' }),
  );
  expect(failure).toEqual({ code: 'RATE_LIMITED', message: 'Slow down.', retryable: true, ...details });
  expect(failure).not.toBeInstanceOf(Error);
});

describe('anything that is thrown', () => {
  it('is left as it is where it is an error of this service', () => {
    const error = new JobApiError('NOT_FOUND');
    expect(toJobApiError(error)).toBe(error);
  });

  it.each([new TypeError('broken'), 'text', undefined])('is an internal fault otherwise: %s', (thrown) => {
    const error = toJobApiError(thrown);
    expect(error.code).toBe('INTERNAL_SERVER_ERROR');
    expect(error.message).not.toContain('broken');
    expect(error.cause).toBe(thrown);
  });
});
