import { GraphQLError, Source, parse } from 'graphql';
import { describe, expect, it, vi } from 'vitest';
import { JobApiError } from '../../../src/domain/errors.ts';
import { createErrorFormatter, toRefusal } from '../../../src/execution/format-error.ts';

const place = { path: ['jobInstance'], locations: [{ line: 1, column: 3 }] };

function format(original: Error, extensions: Record<string, unknown> = { code: 'INTERNAL_SERVER_ERROR' }) {
  const report = vi.fn<(error: unknown) => void>();
  const error = new GraphQLError(original.message, { path: place.path, originalError: original });
  return {
    formatted: createErrorFormatter({ introspection: true, report })(
      { message: original.message, ...place, extensions },
      error,
    ),
    report,
  };
}

describe('an error for a client', () => {
  it('carries what is known of it and nothing else', () => {
    const permission = { systemId: 'bk_job', actions: [], applyUrl: null };
    const original = new JobApiError('PERMISSION_DENIED', 'You may not.', {
      upstreamCode: 9900403,
      requestId: 'abc',
      permission,
      cause: new Error('secret cause'),
    });
    const { formatted, report } = format(original);
    expect(formatted).toEqual({
      message: 'You may not.',
      ...place,
      extensions: {
        code: 'PERMISSION_DENIED',
        retryable: false,
        upstreamCode: 9900403,
        requestId: 'abc',
        permission,
      },
    });
    expect(report).not.toHaveBeenCalled();
  });

  it('says when to come back', () => {
    const { formatted } = format(new JobApiError('RATE_LIMITED', null, { retryAfter: 1000 }));
    expect(formatted.extensions).toEqual({ code: 'RATE_LIMITED', retryable: true, retryAfter: 1000 });
  });

  it.each([
    new TypeError('reading /etc/secret'),
    new JobApiError('INTERNAL_SERVER_ERROR', null, { cause: 'why' }),
  ])('hides a fault of ours and reports it', (fault) => {
    const { formatted, report } = format(fault);
    expect(formatted).toEqual({
      message: 'A fault of this service.',
      ...place,
      extensions: { code: 'INTERNAL_SERVER_ERROR', retryable: false },
    });
    expect(report).toHaveBeenCalledExactlyOnceWith(fault);
  });

  it('calls an argument that graphql-js refused during execution BAD_USER_INPUT', () => {
    const node = parse(new Source('{ a }')).definitions[0]!;
    const { formatted, report } = format(
      new GraphQLError('Exactly one key must be specified.', { nodes: node }),
    );
    expect(formatted).toMatchObject({
      message: 'Exactly one key must be specified.',
      extensions: { code: 'BAD_USER_INPUT' },
    });
    expect(report).not.toHaveBeenCalled();
  });

  it('hides a value that graphql-js could not write', () => {
    const { formatted, report } = format(
      new GraphQLError('Int cannot represent non 32-bit signed integer value: 1e99'),
    );
    expect(formatted.message).toBe('A fault of this service.');
    expect(report).toHaveBeenCalledOnce();
  });

  it('keeps the text of a request that does not fit the schema, without a stack', () => {
    const report = vi.fn<(error: unknown) => void>();
    const formatted = createErrorFormatter({ introspection: true, report })(
      {
        message: 'Cannot query field "x".',
        extensions: { code: 'GRAPHQL_VALIDATION_FAILED', stacktrace: ['at /secret'] },
      },
      new GraphQLError('Cannot query field "x".'),
    );
    expect(formatted).toEqual({
      message: 'Cannot query field "x".',
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED', retryable: false },
    });
  });

  it('proposes names of the schema only to those who may ask for it', () => {
    const formatted = {
      message: 'Cannot query field "phas". Did you mean "phase"?',
      extensions: { code: 'X' },
    };
    const messages = [true, false].map(
      (introspection) => createErrorFormatter({ introspection, report: vi.fn() })(formatted, null).message,
    );
    expect(messages).toEqual([formatted.message, 'Cannot query field "phas".']);
  });

  it('keeps what a client wrote itself, as far as it can be told from what is proposed', () => {
    const formatter = createErrorFormatter({ introspection: false, report: vi.fn() });
    const messageOf = (message: string) => formatter({ message, extensions: { code: 'X' } }, null).message;
    const written = 'Value "Did you mean this? Did you mean that" does not exist.';
    expect(messageOf(`${written} Did you mean the enum value "FAILED"?`)).toBe(written);
    expect(messageOf(written)).toBe(written);
  });

  it('is made even where reporting fails', () => {
    const formatter = createErrorFormatter({
      introspection: true,
      report: () => {
        throw new Error('disk full');
      },
    });
    expect(formatter({ message: 'x', extensions: {} }, new Error('x'))).toEqual({
      message: 'A fault of this service.',
      extensions: { code: 'INTERNAL_SERVER_ERROR', retryable: false },
    });
  });
});

describe('a refusal before an operation runs', () => {
  it.each([
    ['UNAUTHENTICATED', 401],
    ['RATE_LIMITED', 429],
    ['BAD_USER_INPUT', 400],
    ['OPERATION_TOO_COMPLEX', 400],
  ] as const)('of %s has HTTP status %i', (code, status) => {
    expect(toRefusal(new JobApiError(code)).extensions).toMatchObject({ code, http: { status } });
  });
});
