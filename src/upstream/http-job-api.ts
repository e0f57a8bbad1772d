import { setImmediate as nextTurn } from 'node:timers/promises';
import { toJobApiError } from '../domain/errors.ts';
import type { JobInstance } from '../domain/job-instance.ts';
import type { Clock } from './clock.ts';
import type { AppCredentials } from './credentials.ts';
import { createApigwV3FrontDoor } from './front-door-apigw-v3.ts';
import { createEsbFrontDoor } from './front-door-esb.ts';
import type { FrontDoor, ScopeParameters } from './front-door.ts';
import type { HttpRequest } from './http-request.ts';
import type { StatusRead } from './joined-reads.ts';
import type { StatusAttempt } from './status-call.ts';
import type { Transport, TransportOptions } from './transport.ts';
import type { UpstreamCall, UpstreamObserver, UpstreamPoolStats } from './upstream-observer.ts';
import { requestIdIn } from './wire/envelope.ts';
import { readStatus } from './wire/read-status.ts';

/** How bk-job is reached and asked. */
export interface HttpJobApiOptions extends AppCredentials {
  readonly frontDoor:
    | { readonly kind: 'esb'; readonly baseUrl: string; readonly credentialsIn: 'body' | 'header' }
    /** `baseUrl` includes the stage. */
    | { readonly kind: 'apigw-v3'; readonly baseUrl: string };
  readonly connectMs: number;
  readonly maxResponseBytes: number;
  readonly maxInflightResponseBytes: number;
  readonly connections: number;
  /** Page to apply for permissions at; null where there is none to show. */
  readonly permissionApplyUrl: string | null;
  readonly scopeParameters: ScopeParameters;
  /** The clock that says when something was read: milliseconds since 1970. */
  readonly now: () => number;
}

/** bk-job over HTTP: one request and its answer. */
export interface HttpJobApi {
  /** What a read sends. Throws a `JobApiError` where a value cannot be sent. */
  requestOf(read: StatusRead): HttpRequest;
  /** Sends it once. Rejects with a `JobApiError`. */
  send(attempt: StatusAttempt): Promise<JobInstance>;
  stats(): UpstreamPoolStats;
  /** Resolves when requests under way have ended. */
  close(): Promise<void>;
}

/** By which connections requests go, and what tells of each exchange, by which time. */
export interface HttpJobApiParts {
  readonly connect: (options: TransportOptions) => Transport;
  readonly clock: Clock;
  readonly observer: UpstreamObserver;
}

const endpoint = 'get_job_instance_status';

const pause = (): Promise<void> => nextTurn();

/** Makes the client of one bk-job: front door → transport → envelope → domain. */
export function createHttpJobApi(options: HttpJobApiOptions, parts: HttpJobApiParts): HttpJobApi {
  const { connect, clock, observer } = parts;
  const { origin, pathname } = new URL(options.frontDoor.baseUrl);
  const frontDoor = createFrontDoor(options, pathname.replace(/\/+$/, ''));
  const transport = connect({ ...options, origin });
  const reading = {
    envelope: options,
    pause,
    scanGivenUp: () => {
      observer.scanGivenUp();
    },
  };
  return {
    requestOf: ({ caller, job, hostDetail }) =>
      frontDoor.jobInstanceStatusRequest(caller, job, { hostDetail }),
    send: async ({ read: { job, hostDetail, origin }, request, deadline, cancellation, attempt }) => {
      const start = clock.now();
      const trace = origin?.beginCall({ endpoint, hostDetail, attempt });
      const tell = (outcome: UpstreamCall['outcome'], requestId: string | null): void => {
        const durationMs = clock.now() - start;
        const call: UpstreamCall = { endpoint, hostDetail, outcome, durationMs, requestId, attempt };
        observer.callEnded(call);
        trace?.ended(call);
      };
      try {
        const traced = trace === undefined ? request : withHeaders(request, trace.headers);
        const timeoutMs = Math.max(1, deadline - start);
        const response = await transport.send(traced, { timeoutMs, cancellation });
        const observedAt = options.now();
        const asked = { job, hostDetail, observedAt };
        // What is read has nothing of the body in it.
        const read = await readStatus(response, { ...asked, ...reading }).finally(() => response.release?.());
        tell('ok', requestIdIn(response));
        return read;
      } catch (thrown) {
        const error = toJobApiError(thrown);
        tell(cancellation.reason === null ? error.code : 'cancelled', error.requestId);
        throw error;
      }
    },
    stats: () => transport.stats(),
    close: () => transport.close(),
  };
}

function withHeaders(request: HttpRequest, headers: HttpRequest['headers']): HttpRequest {
  return { ...request, headers: { ...request.headers, ...headers } };
}

function createFrontDoor(options: HttpJobApiOptions, basePath: string): FrontDoor {
  const { frontDoor, appCode, appSecret, scopeParameters } = options;
  const shared = { appCode, appSecret, scopeParameters, basePath };
  return frontDoor.kind === 'esb'
    ? createEsbFrontDoor({ ...shared, credentialsIn: frontDoor.credentialsIn })
    : createApigwV3FrontDoor(shared);
}
