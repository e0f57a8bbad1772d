import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AppCredentials } from './credentials.ts';
import { createApigwV3FrontDoor } from './front-door-apigw-v3.ts';
import { createEsbFrontDoor } from './front-door-esb.ts';
import type { FrontDoor, ScopeParameters } from './front-door.ts';
import type { JobApi } from './job-api.ts';
import { createTransport, type Transport, type TransportOptions } from './transport.ts';
import { readStatus } from './wire/read-status.ts';

/** How bk-job is reached and asked. */
export interface UpstreamOptions extends AppCredentials {
  readonly frontDoor:
    | { readonly kind: 'esb'; readonly baseUrl: string; readonly credentialsIn: 'body' | 'header' }
    /** `baseUrl` includes the stage. */
    | { readonly kind: 'apigw-v3'; readonly baseUrl: string };
  readonly timeouts: {
    readonly connectMs: number;
    /** For a status without hosts. */
    readonly statusMs: number;
    /** For a status with hosts. */
    readonly hostDetailMs: number;
  };
  readonly maxResponseBytes: number;
  readonly connections: number;
  /** Page to apply for permissions at; null where there is none to show. */
  readonly permissionApplyUrl: string | null;
  readonly scopeParameters: ScopeParameters;
  /** The clock that says when something was read: milliseconds since 1970. */
  readonly now: () => number;
}

/** bk-job over HTTP. */
export interface HttpJobApi extends JobApi {
  /** Resolves when reads under way have ended. */
  close(): Promise<void>;
}

/** Makes the client of one bk-job: front door → transport → envelope → domain. */
export function createHttpJobApi(
  options: UpstreamOptions,
  connect: (options: TransportOptions) => Transport = createTransport,
): HttpJobApi {
  const { origin, pathname } = new URL(options.frontDoor.baseUrl);
  const frontDoor = createFrontDoor(options, pathname.replace(/\/+$/, ''));
  const transport = connect({
    origin,
    connections: options.connections,
    connectMs: options.timeouts.connectMs,
    maxResponseBytes: options.maxResponseBytes,
  });
  return {
    fetchJobInstanceStatus: async (caller, job, read) => {
      const request = frontDoor.jobInstanceStatusRequest(caller, job, read);
      const { statusMs, hostDetailMs } = options.timeouts;
      const response = await transport.send(request, read.hostDetail ? hostDetailMs : statusMs);
      return readStatus(response, {
        job,
        hostDetail: read.hostDetail,
        observedAt: options.now(),
        envelope: options,
        pause: () => nextTurn(),
      });
    },
    close: () => transport.close(),
  };
}

function createFrontDoor(options: UpstreamOptions, basePath: string): FrontDoor {
  const { frontDoor, appCode, appSecret, scopeParameters } = options;
  const shared = { appCode, appSecret, scopeParameters, basePath };
  return frontDoor.kind === 'esb'
    ? createEsbFrontDoor({ ...shared, credentialsIn: frontDoor.credentialsIn })
    : createApigwV3FrontDoor(shared);
}
