import { createOperationContext, type OperationContext } from '../../../src/context/operation-context.ts';
import type { OperationContextOptions, OperationRequest } from '../../../src/context/operation-context.ts';
import { createIdentity, type Identity } from '../../../src/identity/identity.ts';
import { createHttpJobApi, type UpstreamOptions } from '../../../src/upstream/http-job-api.ts';
import type { JobApi } from '../../../src/upstream/job-api.ts';
import { createJoinedReads } from '../../../src/upstream/joined-reads.ts';
import { createSparingJobApi } from '../../../src/upstream/sparing-job-api.ts';
import type { Transport } from '../../../src/upstream/transport.ts';
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
  /** Around all that is between loaders and bk-job. */
  readonly jobApi: (jobApi: JobApi) => JobApi;
  readonly transport: (calls: HeldCalls) => Transport;
  readonly context: (options: OperationContextOptions, request: ContextRequest) => OperationContext;
  /** Around the whole operation. */
  readonly around: (request: IsolationRequest, run: () => Promise<string>) => Promise<string>;
}

/** Changes a part of a service: takes a guard away. */
export type Spoil = (parts: ServiceParts) => ServiceParts;

/** The parts as the service has them, but for the network. */
export function createServiceParts(): ServiceParts {
  return {
    identity: createIdentity({
      allowedOrigins: [pageOrigin],
      fingerprintKey: Buffer.alloc(32, 7),
      guestProof: null,
    }),
    jobApi: (jobApi) => jobApi,
    transport: createHeldTransport,
    context: createOperationContext,
    around: (_request, run) => run(),
  };
}

const upstreamOptions: UpstreamOptions = {
  frontDoor: { kind: 'apigw-v3', baseUrl: 'http://bk-job.invalid/api/bk-job/prod' },
  appCode: 'demo_app',
  appSecret: 'demo_secret',
  timeouts: { connectMs: 1000, statusMs: 10_000, hostDetailMs: 10_000 },
  maxResponseBytes: 1_000_000,
  connections: 64,
  permissionApplyUrl: null,
  scopeParameters: 'bk_biz_id',
  now: () => 0,
};

/** All that is between loaders and bk-job but the network. `now` is the clock of circuit breakers. */
export function createPartsJobApi(parts: ServiceParts, calls: HeldCalls, now: () => number): JobApi {
  const http = createHttpJobApi(upstreamOptions, () => parts.transport(calls));
  return parts.jobApi(createJoinedReads(createSparingJobApi(http, now)));
}

function createHeldTransport(calls: HeldCalls): Transport {
  return {
    send: async (request) => {
      const { body, ...answer } = await calls.hold(request);
      return { ...answer, body: Buffer.from(body) };
    },
    close: () => Promise.resolve(),
  };
}
