import { fetch, type Response } from 'undici';
import type { TestService } from '../start-test-service.ts';

/** What is asked for by whom. */
export interface AskedOverHttp {
  readonly token: string;
  readonly query: string;
  readonly variables: object;
}

/** Asks for a stream of server-sent events. */
export function followOverHttp(
  { graphqlUrl }: Pick<TestService, 'graphqlUrl'>,
  { token, query, variables }: AskedOverHttp,
): Promise<Response> {
  return fetch(graphqlUrl, {
    method: 'POST',
    headers: {
      accept: 'text/event-stream',
      'content-type': 'application/json',
      'x-bkapi-authorization': JSON.stringify({ bk_token: token }),
    },
    body: JSON.stringify({ query, variables }),
  });
}
