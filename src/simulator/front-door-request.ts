import type { IncomingHttpHeaders } from 'node:http';
import type { SimulatedFrontDoor } from './call-log.ts';
import type { StatusAnswer } from './bk-job.ts';
import type { SimulatedWorld } from './world.ts';

/** An HTTP request, read whole. */
export interface FrontDoorRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An HTTP answer. */
export interface FrontDoorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Code of the envelope. */
  readonly code: number;
}

/** What a door makes of a request: who asks for what, or its own refusal. */
export interface Admission {
  readonly parameters: Readonly<Record<string, string>>;
  readonly user: string | null;
  /** Set where the door itself refuses. */
  readonly refusal: FrontDoorAnswer | null;
}

/** A door into bk-job. */
export interface SimulatedDoor {
  readonly frontDoor: SimulatedFrontDoor;
  /** Name of the endpoint that a path leads to; null where the path is none of this door's. */
  endpointOf(path: string): string | null;
  admit(request: FrontDoorRequest, world: SimulatedWorld, ids: RequestIds): Admission;
  wrap(answer: StatusAnswer, ids: RequestIds): FrontDoorAnswer;
}

/** Numbers that operators find a request by (upstream contract 1.3). */
export interface RequestIds {
  readonly job: string;
  readonly gateway: string;
  readonly esb: string;
}

/** The application that may ask. */
export const demonstrationApp = { code: 'demo_app', secret: 'demo_secret' } as const;

/** The one endpoint that is served. */
export const statusEndpoint = 'get_job_instance_status';

/** Names under which a user can prove who it is. Here the token of a user is its name. */
export const proofNames = ['bk_token', 'bk_ticket', 'access_token'] as const;

/** The user that credentials prove; null where they prove nobody. */
export function userOf(credentials: Readonly<Record<string, unknown>>, world: SimulatedWorld): string | null {
  const token = proofNames.map((name) => credentials[name]).find((value) => value !== undefined);
  return typeof token === 'string' && world.findUser(token) !== null ? token : null;
}

/** The JSON object of a text; null where it is none. */
export function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}
