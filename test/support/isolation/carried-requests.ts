import { asEntities, asFollowing, withIntrospection, type IsolationOperation } from './operations.ts';
import type { IsolationRequest } from './way-in.ts';

/** A request as HTTP carries it, but for who asks. */
export interface CarriedRequest {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly body?: string;
  /** What an answer holds when all that is wanted of it is there; left out where that is its end. */
  readonly until?: RegExp;
}

/** Puts what a caller asks into a request. */
export type Carry = (request: IsolationRequest) => CarriedRequest;

const json = { 'content-type': 'application/json' };

function post(
  { document: query, variables }: IsolationOperation,
  headers: CarriedRequest['headers'] = {},
): CarriedRequest {
  return { method: 'POST', headers: { ...json, ...headers }, body: JSON.stringify({ query, variables }) };
}

/** In the body. */
export const posted: Carry = (request) => post(request);

/** In the body, with something that graphql-js alone answers. */
export const postedForGraphqlJs: Carry = (request) => post(withIntrospection(request));

/** In the URL. */
export const inUrl: Carry = ({ document: query, variables }) => ({
  method: 'GET',
  headers: { 'apollo-require-preflight': 'true' },
  query: `?${new URLSearchParams({ query, variables: JSON.stringify(variables) }).toString()}`,
});

/** As a gateway asks for entities, many at a time. */
export const asReferences: Carry = (request) => post(asEntities(request, request.persona));

/** As a stream of events, of which the first is the answer. */
export const asEventStream: Carry = (request) => ({
  ...post(asFollowing(request), { accept: 'text/event-stream' }),
  until: /data: .+\n\n/,
});

/** As a stream of parts, of which the first is the answer. */
export const asParts: Carry = (request) => ({
  ...post(asFollowing(request), { accept: 'multipart/mixed;subscriptionSpec=1.0, application/json' }),
  until: /"payload".+\r\n--graphql/,
});
