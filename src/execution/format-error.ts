import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { JobApiError } from '../domain/errors.ts';

/** What errors are formatted with. */
export interface ErrorFormatterOptions {
  /** Whether texts may give names of the schema that the client did not. */
  readonly introspection: boolean;
  /** Is told of every fault of this service itself. */
  readonly report: (error: unknown) => void;
}

/**
 * The one place that makes an error for a client. What is not known to be safe becomes INTERNAL_SERVER_ERROR with
 * a text of our own; the thing itself goes to `report` and nowhere else. Never throws.
 */
export function createErrorFormatter({
  introspection,
  report,
}: ErrorFormatterOptions): (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError {
  return (formatted, error) => {
    try {
      const { message, ...others } = formatError(formatted, error, report);
      return { message: shorten(introspection ? message : withoutSuggestions(message)), ...others };
    } catch {
      return { message: new JobApiError('INTERNAL_SERVER_ERROR').message, extensions: internal };
    }
  };
}

const internal = { code: 'INTERNAL_SERVER_ERROR', retryable: false } as const;

function formatError(
  formatted: GraphQLFormattedError,
  error: unknown,
  report: (error: unknown) => void,
): GraphQLFormattedError {
  const original = error instanceof GraphQLError && error.originalError ? error.originalError : error;
  const place = placeOf(formatted);
  if (original instanceof JobApiError) {
    if (original.code === 'INTERNAL_SERVER_ERROR') report(original);
    return { message: original.message, ...place, extensions: jobApiErrorExtensions(original) };
  }
  const code = formatted.extensions?.['code'];
  if (typeof code === 'string' && code !== 'INTERNAL_SERVER_ERROR') {
    // Apollo Server's own word for a request that is none; schema.md 7 has one for both.
    const known = code === 'BAD_REQUEST' ? 'BAD_USER_INPUT' : code;
    return { message: formatted.message, ...place, extensions: { code: known, retryable: false } };
  }
  if (isArgumentFault(original, error)) {
    return { message: formatted.message, ...place, extensions: { code: 'BAD_USER_INPUT', retryable: false } };
  }
  report(original);
  return { message: new JobApiError('INTERNAL_SERVER_ERROR').message, ...place, extensions: internal };
}

/** An error of this service before an operation runs, with the HTTP status that a refused request gets. */
export function toRefusal(error: JobApiError): GraphQLError {
  return new GraphQLError(error.message, {
    originalError: error,
    extensions: { ...jobApiErrorExtensions(error), http: { status: refusalStatus(error) } },
  });
}

/** The HTTP status of a request that is refused before an operation runs (schema.md 7). */
export function refusalStatus({ code }: JobApiError): number {
  if (code === 'UNAUTHENTICATED') return 401;
  return code === 'RATE_LIMITED' ? 429 : 400;
}

/** Headers of such a request: what the code says in the body, for those who look at heads only. */
export function refusalHeaders({ retryAfter }: JobApiError): Readonly<Record<string, string>> {
  return retryAfter === null ? {} : { 'retry-after': String(Math.ceil(retryAfter / 1000)) };
}

/** Longer texts are those of graphql-js about names and values of a client, which it repeats for each fault. */
const longestMessage = 1000;

function shorten(text: string): string {
  return text.length > longestMessage ? `${text.slice(0, longestMessage)}…` : text;
}

/** graphql-js proposes names of the schema that are like the wrong one, behind all that it repeats of the client's. */
function withoutSuggestions(text: string): string {
  // By an expression, a text of a client with many such words would take time by the square of its length.
  const start = text.endsWith('?') ? text.lastIndexOf('Did you mean ') : -1;
  return start === -1 ? text : text.slice(0, start).trimEnd();
}

/** The fields of `JobApiError` that have a value, as they stand in `extensions` (schema/errors.graphql), and a price. */
export function jobApiErrorExtensions(error: JobApiError): Record<string, unknown> {
  const { code, retryable, retryAfter, upstreamCode, requestId, permission, price } = error;
  const optional = { retryAfter, upstreamCode, requestId, permission, ...price };
  return {
    code,
    retryable,
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== null)),
  };
}

function placeOf({
  locations,
  path,
}: GraphQLFormattedError): Pick<GraphQLFormattedError, 'locations' | 'path'> {
  return { ...(locations && { locations }), ...(path && { path }) };
}

/**
 * graphql-js checks some arguments only while it executes, for instance a nullable variable inside a @oneOf input
 * (schema.md 9). It raises these as errors with nodes and without a path, which it then wraps at the field.
 */
function isArgumentFault(original: unknown, error: unknown): boolean {
  return (
    original !== error &&
    original instanceof GraphQLError &&
    original.path === undefined &&
    (original.nodes?.length ?? 0) > 0
  );
}
