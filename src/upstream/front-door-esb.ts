import type { JobReference } from '../domain/scope.ts';
import {
  authorizationHeader,
  authorizationMembers,
  callerHeaders,
  type AppCredentials,
  type AuthorizationMembers,
} from './credentials.ts';
import { jobParameters, type FrontDoor, type ScopeParameters } from './front-door.ts';
import type { JobInstanceStatusRead } from './job-api.ts';

/** What the ESB's form is made with. */
export interface EsbOptions extends AppCredentials {
  readonly basePath: string;
  /** Where credentials stand. With the header, ESB ignores any in the body (upstream contract 6.3). */
  readonly credentialsIn: 'body' | 'header';
  readonly scopeParameters: ScopeParameters;
}

/** bk-job behind the ESB, as in the original API document: POST with JSON (upstream contract 1.1). */
export function createEsbFrontDoor(options: EsbOptions): FrontDoor {
  const inBody = options.credentialsIn === 'body';
  return {
    jobInstanceStatusRequest: (caller, job, read) => {
      const authorization = authorizationMembers(options, caller);
      return {
        method: 'POST',
        path: `${options.basePath}/api/c/compapi/v2/jobv3/get_job_instance_status/`,
        headers: {
          'Content-Type': 'application/json',
          ...callerHeaders(caller),
          ...(!inBody && { 'X-Bkapi-Authorization': authorizationHeader(authorization) }),
        },
        body: bodyOf(inBody ? authorization : {}, statusMembers(job, read, options.scopeParameters)),
      };
    },
  };
}

const numbers: ReadonlySet<string> = new Set(['bk_biz_id', 'job_instance_id']);

/** JSON texts by member: ids stand as numbers of 64 bits, which `JSON.stringify` cannot write. */
function statusMembers(
  job: JobReference,
  { hostDetail }: JobInstanceStatusRead,
  form: ScopeParameters,
): Readonly<Record<string, string>> {
  const jobTexts = Object.entries(jobParameters(job, form)).map(
    ([name, value]) => [name, numbers.has(name) ? value : JSON.stringify(value)] as const,
  );
  return { ...Object.fromEntries(jobTexts), return_ip_result: String(hostDetail) };
}

function bodyOf(authorization: AuthorizationMembers, jsonTexts: Readonly<Record<string, string>>): string {
  const members = [
    ...Object.entries(authorization).map(([name, value]) => `"${name}":${JSON.stringify(value)}`),
    ...Object.entries(jsonTexts).map(([name, text]) => `"${name}":${text}`),
  ];
  return `{${members.join(',')}}`;
}
