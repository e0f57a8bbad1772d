import { createEventReader } from './event-stream.ts';
import {
  followDocument,
  stillOverDocument,
  variablesOf,
  type Answer,
  type AnswerError,
  type Job,
  type Target,
} from './model.ts';

/** How the connection stands. */
export type LinkState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  /** It broke, and is tried again at that moment of `performance.now()`. */
  | { readonly kind: 'waiting'; readonly until: number }
  /** The job is over. It is looked at now and then, since a job that failed can be retried. */
  | { readonly kind: 'over' }
  /** It ended for good. */
  | { readonly kind: 'refused'; readonly error: AnswerError };

/** Who is told what a followed job does. */
export interface Follower {
  job(job: Job, errors: readonly AnswerError[]): void;
  link(state: LinkState): void;
}

/** A job that is being followed. */
export interface Following {
  stop(): void;
  /** Does not wait any longer for what it waits for. */
  hurry(): void;
}

/** Longest pause between two attempts to connect, in milliseconds. */
const longestPause = 15_000;

/** How often a job that is over is looked at, in milliseconds. */
const lookAgainAfter = 5000;

/** A connection on which nothing comes for so long is taken for broken: the service sends a sign of life far more often. */
const longestSilence = 45_000;

/** Follows a job until it is stopped or refused. */
export function follow(endpoint: string, target: Target, follower: Follower): Following {
  const ending = new AbortController();
  const pauses = createPauses(ending.signal);
  const run = async (): Promise<void> => {
    let failures = 0;
    while (!ending.signal.aborted) {
      follower.link({ kind: 'connecting' });
      const outcome = await stream(endpoint, target, { follower, signal: ending.signal });
      if (isAborted(ending.signal)) return;
      if (outcome.kind === 'refused') {
        follower.link(outcome);
        return;
      }
      if (outcome.kind === 'over') {
        failures = 0;
        follower.link(outcome);
        await waitForRetry(endpoint, target, { revision: outcome.revision, pauses });
      } else {
        failures = outcome.gotSomething ? 1 : failures + 1;
        const pause = Math.min(longestPause, 500 * 2 ** failures) * (0.75 + Math.random() / 2);
        follower.link({ kind: 'waiting', until: performance.now() + pause });
        await pauses.wait(pause);
      }
    }
  };
  void run();
  return {
    stop: () => {
      ending.abort();
    },
    hurry: () => {
      pauses.hurry();
    },
  };
}

type Outcome =
  | { readonly kind: 'over'; readonly revision: string | null }
  | { readonly kind: 'broken'; readonly gotSomething: boolean }
  | { readonly kind: 'refused'; readonly error: AnswerError };

interface StreamOptions {
  readonly follower: Follower;
  readonly signal: AbortSignal;
}

/** One connection, from its request to its end. Never rejects. */
async function stream(endpoint: string, target: Target, options: StreamOptions): Promise<Outcome> {
  let last: Answer | null = null;
  const silence = createSilenceGuard(options.signal);
  try {
    const response = await ask(endpoint, target, {
      document: followDocument,
      accept: 'text/event-stream',
      signal: silence.signal,
    });
    if (response.body === null || !isEventStream(response)) return await refusalOf(response);
    options.follower.link({ kind: 'live' });
    const readEvents = createEventReader();
    const decoder = new TextDecoder();
    for await (const bytes of chunksOf(response.body)) {
      silence.heard();
      for (const { event, data } of readEvents(decoder.decode(bytes, { stream: true }))) {
        if (event === 'next') {
          last = JSON.parse(data) as Answer;
          if (last.data?.job) options.follower.job(last.data.job, last.errors ?? []);
        }
        if (event === 'complete') return outcomeOf(last);
      }
    }
  } catch {
    // Whatever broke the connection, the answer is to make another.
  } finally {
    silence.end();
  }
  return { kind: 'broken', gotSomething: last !== null };
}

/** What a stream that was completed means: the job is over, it can be read no longer, or the service goes away. */
function outcomeOf(last: Answer | null): Outcome {
  const job = last?.data?.job;
  if (job?.finished === true) return { kind: 'over', revision: job.revision };
  const error = last?.errors?.[0];
  const canHeal = error === undefined || error.extensions?.retryable === true;
  return job || canHeal ? { kind: 'broken', gotSomething: Boolean(job) } : { kind: 'refused', error };
}

/** An answer that is no stream: the request was refused, or the service cannot take it now. */
async function refusalOf(response: Response): Promise<Outcome> {
  if (response.status >= 500 || response.status === 429) return { kind: 'broken', gotSomething: false };
  const { errors = [] } = (await response.json()) as Answer;
  return {
    kind: 'refused',
    error: errors[0] ?? { message: `The service answered ${String(response.status)}.` },
  };
}

interface Question {
  readonly document: string;
  readonly accept: string;
  readonly signal: AbortSignal;
}

function ask(endpoint: string, target: Target, { document, accept, signal }: Question): Promise<Response> {
  return fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept, ...target.headers },
    body: JSON.stringify({ query: document, variables: variablesOf(target) }),
    cache: 'no-store',
    signal,
  });
}

/** Resolves when a job that was over may have changed. */
async function waitForRetry(
  endpoint: string,
  target: Target,
  { revision, pauses }: { readonly revision: string | null; readonly pauses: Pauses },
): Promise<void> {
  while (!isAborted(pauses.signal)) {
    await pauses.wait(lookAgainAfter);
    if (document.hidden || isAborted(pauses.signal)) continue;
    try {
      const question = { document: stillOverDocument, accept: 'application/json', signal: pauses.signal };
      const { data } = (await (await ask(endpoint, target, question)).json()) as Answer;
      if (data?.job && (!data.job.finished || data.job.revision !== revision)) return;
    } catch {
      // The next look will tell.
    }
  }
}

interface Pauses {
  readonly signal: AbortSignal;
  wait(ms: number): Promise<void>;
  hurry(): void;
}

function createPauses(signal: AbortSignal): Pauses {
  let hurry = (): void => undefined;
  signal.addEventListener('abort', () => {
    hurry();
  });
  return {
    signal,
    wait: (ms) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        hurry = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
    hurry: () => {
      hurry();
    },
  };
}

interface SilenceGuard {
  readonly signal: AbortSignal;
  heard(): void;
  end(): void;
}

/** Aborts where nothing is heard for too long, and with the signal it is given. */
function createSilenceGuard(outer: AbortSignal): SilenceGuard {
  const controller = new AbortController();
  const abort = (): void => {
    controller.abort();
  };
  let timer = setTimeout(abort, longestSilence);
  outer.addEventListener('abort', abort, { once: true });
  return {
    signal: controller.signal,
    heard: () => {
      clearTimeout(timer);
      timer = setTimeout(abort, longestSilence);
    },
    end: () => {
      clearTimeout(timer);
      outer.removeEventListener('abort', abort);
      abort();
    },
  };
}

async function* chunksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

function isEventStream(response: Response): boolean {
  return response.ok && (response.headers.get('content-type') ?? '').startsWith('text/event-stream');
}

/** Asked through a function, since the answer changes while the code waits. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
