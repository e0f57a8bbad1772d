import {
  authorizationHeader,
  authorizationMembers,
  callerHeaders,
  type AppCredentials,
} from './credentials.ts';
import { jobParameters, type FrontDoor, type ScopeParameters } from './front-door.ts';

/** What the API gateway's form is made with. */
export interface ApigwV3Options extends AppCredentials {
  /** Path of the gateway's stage; empty where it is the whole host. */
  readonly basePath: string;
  readonly scopeParameters: ScopeParameters;
}

/** bk-job behind the BlueKing API gateway, user type: GET, credentials in a header only (upstream contract 1.1). */
export function createApigwV3FrontDoor(options: ApigwV3Options): FrontDoor {
  return {
    jobInstanceStatusRequest: (caller, job, { hostDetail }) => {
      // Names and values are words and digits: nothing in them is to be escaped.
      let query = '';
      for (const [name, value] of Object.entries(jobParameters(job, options.scopeParameters))) {
        query += `${name}=${value}&`;
      }
      return {
        method: 'GET',
        path: `${options.basePath}/api/v3/get_job_instance_status?${query}return_ip_result=${String(hostDetail)}`,
        headers: {
          ...callerHeaders(caller),
          'X-Bkapi-Authorization': authorizationHeader(authorizationMembers(options, caller)),
        },
        body: null,
      };
    },
  };
}
