import { createOperationContext, type OperationContext } from '../../../src/context/operation-context.ts';
import type { OperationContextOptions, OperationRequest } from '../../../src/context/operation-context.ts';
import { toJobApiError } from '../../../src/domain/errors.ts';
import { createSubscriptions } from '../../../src/execution/subscriptions/subscriptions.ts';
import { createIdentity, type Identity } from '../../../src/identity/identity.ts';
import { machineClock } from '../../../src/live/clock.ts';
import { createLiveJobs, type LiveJobs } from '../../../src/live/live-jobs.ts';
import { processClock } from '../../../src/upstream/clock.ts';
import type { JobApi } from '../../../src/upstream/job-api.ts';
import type { ReadCacheOptions } from '../../../src/upstream/read-cache.ts';
import type { ReceivedResponse } from '../../../src/upstream/exchange.ts';
import type { Transport } from '../../../src/upstream/transport.ts';
import { quietObserver, type UpstreamObserver } from '../../../src/upstream/upstream-observer.ts';
import { createUpstream } from '../../../src/upstream/upstream.ts';
import { upstreamOptions } from '../upstream-options.ts';
import type { HeldCalls } from './held-calls.ts';
import { pageOrigin } from './personas.ts';
import type { IsolationRequest } from './way-in.ts';

/** What a request brings to its context, and which request it is. */
export interface ContextRequest extends OperationRequest {
  readonly document: string;
}

/**
 * The parts of the service on which it depends that callers never meet. A fault is tried by handing in a part that has
 * it: the service itself has no switch for any.
 */
export interface ServiceParts {
  readonly identity: Identity;
  /** How long what was read is kept; null where it is not. */
  readonly cache: ReadCacheOptions | null;
  readonly upstream: typeof createUpstream;
  /** Around all that is between loaders and bk-job. */
  readonly jobApi: (jobApi: JobApi) => JobApi;
  readonly transport: (calls: HeldCalls) => Transport;
  readonly context: (options: OperationContextOptions, request: ContextRequest) => OperationContext;
  /** One reader for each followed job and caller. */
  readonly liveJobs: (jobApi: JobApi) => LiveJobs;
  /** One run of equal subscriptions of a caller. */
  readonly subscriptions: typeof createSubscriptions;
  /** Around the whole operation. */
  readonly around: (request: IsolationRequest, run: () => Promise<string>) => Promise<string>;
}

/** Changes a part of a service: takes a guard away. */
export type Spoil = (parts: ServiceParts) => ServiceParts;

/**
 * While bk-job gives eight answers, or 24 where two say that the job is over, and of crowds no more than three at a
 * time: much of what is kept is told again, and much of it is over, or has to go, before it would be.
 */
export const keptShortly: ReadCacheOptions = { ttl: 800, terminalTtl: 2400, maxBytes: 300_000 };

/** Has what was read kept. */
export const withCache: Spoil = (parts) => ({ ...parts, cache: keptShortly });

/** The parts as the service has them, but for the network. */
export function createServiceParts(): ServiceParts {
  return {
    identity: createIdentity({
      allowedOrigins: [pageOrigin],
      fingerprintKey: Buffer.alloc(32, 7),
      guestProof: null,
    }),
    cache: null,
    upstream: createUpstream,
    jobApi: (jobApi) => jobApi,
    transport: createHeldTransport,
    context: createOperationContext,
    liveJobs: (jobApi) => createLiveJobs({ jobApi, clock: machineClock, ...asFastAsAsked }),
    subscriptions: createSubscriptions,
    around: (_request, run) => run(),
  };
}

const asFastAsAsked = {
  pace: { jitter: 0.1, largeJobHosts: 5000, largeJobMinInterval: 5000 },
  maxPollsPerSecond: 1_000_000,
};

const ofThisUpstream = upstreamOptions('http://bk-job.invalid', {
  appCode: 'demo_app',
  appSecret: 'demo_secret',
  connections: 10_000,
  hostDetailConnections: 10_000,
  permissionApplyUrl: null,
  scopeParameters: 'bk_biz_id',
  now: () => 0,
});

/** What is around the client of bk-job. */
export interface JobApiParts {
  readonly calls: HeldCalls;
  /** The clock of circuit breakers, and of what is kept. */
  readonly now: () => number;
  readonly observer: Partial<UpstreamObserver>;
}

/** All that is between loaders and bk-job but the network. */
export function createPartsJobApi(parts: ServiceParts, { calls, now, observer }: JobApiParts): JobApi {
  return parts.jobApi(
    parts.upstream(
      { ...ofThisUpstream, cache: parts.cache },
      {
        observer: { ...quietObserver, ...observer },
        clock: { ...processClock, now },
        connect: () => parts.transport(calls),
      },
    ),
  );
}

function createHeldTransport(calls: HeldCalls): Transport {
  return {
    send: (request, { cancellation, traceHeaders }, outcome) => {
      const headers = { ...request.headers, ...traceHeaders };
      new Promise<ReceivedResponse>((resolve, reject) => {
        cancellation.listener = () => {
          reject(cancellation.reason ?? new TypeError('A call was given up without a reason.'));
        };
        calls.hold({ ...request, headers }).then(({ body, ...answer }) => {
          cancellation.listener = null;
          resolve({ ...answer, body: Buffer.from(body) });
        }, reject);
      }).then(
        (response) => {
          outcome.answered(response);
        },
        (thrown: unknown) => {
          outcome.failed(toJobApiError(thrown));
        },
      );
    },
    stats: () => ({ connected: 0, free: 0, pending: 0, running: 0 }),
    close: () => Promise.resolve(),
  };
}
