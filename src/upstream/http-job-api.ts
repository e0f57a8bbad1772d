import { ReusedMemory } from '../memory/reused-memory.ts';
import { createSecretCheck } from '../secrets/secret-search.ts';
import type { Clock } from './clock.ts';
import type { AppCredentials } from './credentials.ts';
import { createApigwV3FrontDoor } from './front-door-apigw-v3.ts';
import { createEsbFrontDoor } from './front-door-esb.ts';
import type { FrontDoor, ScopeParameters } from './front-door.ts';
import type { HttpRequest } from './http-request.ts';
import type { StatusRead } from './joined-reads.ts';
import { SentAttempt, type AttemptParts } from './sent-attempt.ts';
import type { StatusAttempt, StatusOutcome } from './status-call.ts';
import type { Transport, TransportOptions } from './transport.ts';
import type { UpstreamObserver, UpstreamPoolStats } from './upstream-observer.ts';

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
  /** Sends it once. */
  send(attempt: StatusAttempt, outcome: StatusOutcome): void;
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

/** The hosts of six jobs of 10,000 at a time, or of one of 50,000. */
const maxKeptForRows = 10 * 1024 * 1024;

/** Makes the client of one bk-job: front door → transport → envelope → domain. */
export function createHttpJobApi(options: HttpJobApiOptions, parts: HttpJobApiParts): HttpJobApi {
  const { connect, clock, observer } = parts;
  const { origin, pathname } = new URL(options.frontDoor.baseUrl);
  const frontDoor = createFrontDoor(options, pathname.replace(/\/+$/, ''));
  const transport = connect({ ...options, origin });
  const attemptParts: AttemptParts = {
    transport,
    clock,
    observer,
    now: options.now,
    reading: {
      envelope: {
        permissionApplyUrl: options.permissionApplyUrl,
        holdsSecret: createSecretCheck(options.appSecret),
      },
      rowMemory: new ReusedMemory(maxKeptForRows),
      scanGivenUp: () => {
        observer.scanGivenUp();
      },
    },
  };
  return {
    requestOf: ({ caller, job, hostDetail }) =>
      frontDoor.jobInstanceStatusRequest(caller, job, { hostDetail }),
    send: (attempt, outcome) => {
      new SentAttempt(attemptParts, attempt, outcome).send();
    },
    stats: () => transport.stats(),
    close: () => transport.close(),
  };
}

function createFrontDoor(options: HttpJobApiOptions, basePath: string): FrontDoor {
  const { frontDoor, appCode, appSecret, scopeParameters } = options;
  const shared = { appCode, appSecret, scopeParameters, basePath };
  return frontDoor.kind === 'esb'
    ? createEsbFrontDoor({ ...shared, credentialsIn: frontDoor.credentialsIn })
    : createApigwV3FrontDoor(shared);
}
