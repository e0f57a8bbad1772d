import type { Answer } from './answer.ts';
import { throughEsb, esbError } from './esb.ts';
import type { BkJobCall } from './bk-job-call.ts';
import { failure } from './bk-job.ts';
import type { SimulatorFault } from './faults.ts';
import { gatewayError, isGatewayCode, throughGateway, type FrontDoorContext } from './gateway.ts';
import { jsonText } from './json.ts';
import { messageOf } from './messages.ts';
import { withWrongTypes } from './wrong-types.ts';

/** How the bytes of an answer go out. */
export type Pace =
  | { readonly kind: 'at-once' }
  | { readonly kind: 'delayed'; readonly ms: number }
  | { readonly kind: 'cut'; readonly chunked: boolean }
  | { readonly kind: 'padded'; readonly bytes: number }
  | { readonly kind: 'dripping'; readonly bytesPerTick: number; readonly tickMs: number }
  | { readonly kind: 'never' }
  | { readonly kind: 'reset' };

/** What goes over the wire. */
export interface Delivery {
  /** Null where no status line is sent. */
  readonly status: number | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Number in the envelope; null where there is no envelope, or none with a number. */
  readonly code: number | null;
  readonly pace: Pace;
}

const atOnce: Pace = { kind: 'at-once' };

/** The page of OpenResty, as it stands in front of the gateway. */
const htmlPage =
  '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n' +
  '<hr><center>openresty</center>\r\n</body>\r\n</html>\r\n';

/** What is sent for a call that meets no fault. */
export function toDelivery({ status, headers, body, code }: Answer, pace: Pace = atOnce): Delivery {
  return { status, headers, body: jsonText(body), code, pace };
}

/** What is sent for a call that meets a fault. `answer` makes the answer that it would have had. */
export function faultyDelivery(
  fault: SimulatorFault,
  answer: () => Answer,
  at: { readonly call: BkJobCall; readonly context: FrontDoorContext },
): Delivery {
  switch (fault.kind) {
    case 'delay':
      return toDelivery(answer(), { kind: 'delayed', ms: fault.ms });
    case 'hang':
      return nothing({ kind: 'never' });
    case 'reset':
      return nothing({ kind: 'reset' });
    case 'truncated':
      return toDelivery(answer(), { kind: 'cut', chunked: fault.chunked ?? false });
    case 'oversized':
      return toDelivery(answer(), { kind: 'padded', bytes: fault.bytes });
    case 'slow-drip':
      return toDelivery(answer(), {
        kind: 'dripping',
        bytesPerTick: fault.bytesPerTick ?? 16,
        tickMs: fault.tickMs ?? 20,
      });
    case 'wrong-types':
      return withMembersOfWrongTypes(answer(), new Set(fault.members));
    case 'envelope':
      return toDelivery(envelopeOf(fault, at));
    case 'rate-limited':
      return toDelivery(rateLimited(fault, at));
    case 'html':
      return raw(502, { 'Content-Type': 'text/html' }, htmlPage);
    case 'empty':
      return emptyBody(fault.status ?? 502, at.context);
    case 'not-json':
      return raw(
        200,
        { 'Content-Type': 'application/json' },
        '{"code":0,"result":true,"data":{"finished":tr',
      );
    case 'status':
      return raw(fault.status, fault.headers ?? {}, fault.body ?? '');
    case 'sample':
      return raw(fault.status, fault.headers, fault.body);
  }
}

function nothing(pace: Pace): Delivery {
  return { status: null, headers: {}, body: '', code: null, pace };
}

function raw(status: number, headers: Readonly<Record<string, string>>, body: string): Delivery {
  const code = /^\s*\{[^{[]*?"code"\s*:\s*(\d{1,9})\b/.exec(body)?.[1];
  return { status, headers, body, code: code === undefined ? null : Number(code), pace: atOnce };
}

/** A 401 without a body is bk-job's own gateway, which names the request; others come from before it (contract 3.1). */
function emptyBody(status: number, { ids }: FrontDoorContext): Delivery {
  return raw(status, status === 401 ? { 'X-Bk-Job-Request-Id': ids.job } : {}, '');
}

function withMembersOfWrongTypes(answer: Answer, names: ReadonlySet<string>): Delivery {
  return toDelivery({ ...answer, body: withWrongTypes(answer.body, names) });
}

/** The ESB hands the gateway's failures on with status 200 where it stands behind one (upstream contract 3.1). */
function atFrontDoor(error: Answer, call: BkJobCall): Answer {
  return call.frontDoor === 'esb' ? { ...error, status: 200 } : error;
}

/** Numbers of bk-job's own gateway, which come with status 401 (upstream contract 3.5). */
const unauthenticatedCodes: readonly number[] = [1247002, 1247004];

function envelopeOf(
  { code, message }: { readonly code: number; readonly message?: string },
  { call, context: { ids } }: { readonly call: BkJobCall; readonly context: FrontDoorContext },
): Answer {
  if (isGatewayCode(code))
    return atFrontDoor(gatewayError(code, ids, message === undefined ? undefined : { message }), call);
  const status = failure(code, message ?? messageOf(code, call.language));
  if (call.frontDoor === 'apigw-v3') {
    const answer = throughGateway(status, call, ids);
    return unauthenticatedCodes.includes(code) ? { ...answer, status: 401 } : answer;
  }
  // Numbers of the ESB itself (upstream contract 3.4).
  return Math.trunc(code / 1000) === 1306
    ? esbError(code, status.message ?? '', ids)
    : throughEsb(status, ids);
}

const limits = {
  resource: { code: 1642903, limit: 100, plugin: 'bk-resource-rate-limit' },
  stage: { code: 1642902, limit: 1000, plugin: 'bk-stage-rate-limit' },
} as const;

function rateLimited(
  fault: { readonly resetSeconds?: number; readonly strategy?: keyof typeof limits },
  { call, context: { ids } }: { readonly call: BkJobCall; readonly context: FrontDoorContext },
): Answer {
  const { code, limit, plugin } = limits[fault.strategy ?? 'resource'];
  const error = gatewayError(code, ids);
  return atFrontDoor(
    {
      ...error,
      headers: {
        ...error.headers,
        'X-Bkapi-RateLimit-Limit': String(limit),
        'X-Bkapi-RateLimit-Remaining': '0',
        'X-Bkapi-RateLimit-Reset': String(fault.resetSeconds ?? 1),
        'X-Bkapi-RateLimit-Plugin': plugin,
      },
    },
    call,
  );
}
