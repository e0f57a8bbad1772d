import { createClient, type Client, type ClientOptions } from 'graphql-ws';
import { WebSocket } from 'ws';

/** What a subscription said. */
export interface Followed {
  /** Payloads in the order in which they came. */
  readonly payloads: readonly FollowedPayload[];
  /** Resolves when there are so many payloads, with the last of these. */
  until(count: number): Promise<FollowedPayload>;
  /** Resolves when the server has completed it; rejects with what ended it otherwise. */
  readonly completed: Promise<void>;
  /** Stops it from the client's side. */
  stop(): void;
}

/** What one message holds. */
export interface FollowedPayload {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly { readonly extensions?: Readonly<Record<string, unknown>> }[];
}

/** Anything that gives a subscription's payloads one by one. */
export type Subscribe = (sink: {
  readonly next: (payload: unknown) => void;
  readonly error: (error: unknown) => void;
  readonly complete: () => void;
}) => () => void;

/** Collects what a subscription says. */
export function collect(subscribe: Subscribe): Followed {
  const payloads: FollowedPayload[] = [];
  let waiting: { readonly count: number; readonly resolve: (payload: FollowedPayload) => void }[] = [];
  let stop = (): void => undefined;
  const completed = new Promise<void>((resolve, reject) => {
    stop = subscribe({
      next: (payload) => {
        payloads.push(payload as FollowedPayload);
        for (const one of waiting) if (payloads.length >= one.count) one.resolve(payloads[one.count - 1]!);
        waiting = waiting.filter(({ count }) => payloads.length < count);
      },
      error: reject,
      complete: resolve,
    });
  });
  // Most tests look at how it ended only where it should have.
  completed.catch(() => undefined);
  return {
    payloads,
    until: (count) => {
      const there = payloads[count - 1];
      if (there !== undefined) return Promise.resolve(there);
      return new Promise((resolve) => {
        waiting.push({ count, resolve });
      });
    },
    completed,
    stop: () => {
      stop();
    },
  };
}

/** A client of graphql-ws that tries nothing twice, as alice unless told otherwise. */
export function connect(url: string, options: Partial<ClientOptions> = {}): Client {
  return createClient({
    url,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: { 'X-Bkapi-Authorization': '{"bk_token":"alice"}' },
    ...options,
  });
}

/** Follows over a socket. */
export function followOverSocket(
  client: Client,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
): Followed {
  return collect((sink) => client.subscribe({ query, variables }, sink));
}
