import type { Caller } from '../domain/caller.ts';
import {
  authorizationHeader,
  authorizationMembers,
  callerHeaders,
  type AppCredentials,
} from './credentials.ts';
import { jobParameters, type FrontDoor, type ScopeParameters } from './front-door.ts';
import type { HttpRequest } from './http-request.ts';

/** What the API gateway's form is made with. */
export interface ApigwV3Options extends AppCredentials {
  /** Path of the gateway's stage; empty where it is the whole host. */
  readonly basePath: string;
  readonly scopeParameters: ScopeParameters;
}

/** bk-job behind the BlueKing API gateway, user type: GET, credentials in a header only (upstream contract 1.1). */
export function createApigwV3FrontDoor(options: ApigwV3Options): FrontDoor {
  const path = `${options.basePath}/api/v3/get_job_instance_status?`;
  /** An operation may read many jobs for one caller, and the headers go when the caller does. */
  const headersHere = Symbol('headers');

  function headersFor(caller: Caller & { readonly [headersHere]?: HttpRequest['headers'] }) {
    const known = caller[headersHere];
    if (known !== undefined) return known;
    const authorization = authorizationHeader(authorizationMembers(options, caller));
    // By a spread with a member more they would have a shape of their own each time (V8 of Node 20).
    const headers = Object.assign({ 'X-Bkapi-Authorization': authorization }, callerHeaders(caller));
    // Nobody sees them, and no copy of the caller has them. A WeakMap would do, but V8 may keep what it was given until it
    // goes through its whole heap.
    Reflect.defineProperty(caller, headersHere, { value: headers });
    return headers;
  }

  return {
    jobInstanceStatusRequest: (caller, job, { hostDetail }) => {
      const parameters = jobParameters(job, options.scopeParameters);
      let query = '';
      // Names and values are words and digits: nothing in them is to be escaped.
      for (const name in parameters) query += `${name}=${parameters[name] ?? ''}&`;
      return {
        method: 'GET',
        path: `${path}${query}return_ip_result=${String(hostDetail)}`,
        headers: headersFor(caller),
        body: null,
      };
    },
  };
}
