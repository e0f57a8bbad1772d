import { envelopeText } from './bk-job.ts';
import {
  demonstrationApp,
  parseObject,
  proofNames,
  statusEndpoint,
  userOf,
  type FrontDoorAnswer,
  type SimulatedDoor,
} from './front-door-request.ts';

const statusPath = '/api/bk-job/prod/api/v3/get_job_instance_status';
const apiPrefix = '/api/bk-job/';

/** bk-job behind the API gateway, user type (upstream contract 1.1, 3.3). */
export const apigwV3Door: SimulatedDoor = {
  frontDoor: 'apigw-v3',
  endpointOf: (path) => (path.startsWith(apiPrefix) ? statusEndpoint : null),
  admit: ({ method, path, query, headers }, world, ids) => {
    const refuse = (refusal: FrontDoorAnswer) => ({
      parameters: query,
      user: null,
      refusal: { ...refusal, headers: { ...refusal.headers, 'X-Bkapi-Request-Id': ids.gateway } },
    });
    if (path !== statusPath || method !== 'GET') {
      return refuse(
        gatewayFailure({
          status: 404,
          code: 1640401,
          codeName: 'API_NOT_FOUND',
          message: `API not found [method="${method}" path="${path}"]`,
        }),
      );
    }
    const header = headers['x-bkapi-authorization'];
    const credentials = typeof header === 'string' ? parseObject(header) : {};
    if (credentials === null)
      return refuse(invalidArguments('request header X-Bkapi-Authorization is not a valid JSON'));
    if (!credentials['bk_app_code']) return refuse(invalidArguments('app code cannot be empty'));
    if (
      credentials['bk_app_code'] !== demonstrationApp.code ||
      credentials['bk_app_secret'] !== demonstrationApp.secret
    ) {
      return refuse(invalidArguments('bk_app_code or bk_app_secret is incorrect'));
    }
    const user = userOf(credentials, world);
    if (user !== null) return { parameters: query, user, refusal: null };
    const onlyNamed =
      credentials['bk_username'] !== undefined && proofNames.every((name) => credentials[name] === undefined);
    return refuse(
      invalidArguments(`user authentication failed, ${onlyNamed ? notVerified : noValidIdentity}`),
    );
  },
  wrap: (answer, ids) => ({
    status: 200,
    headers: {
      'Content-Type': 'application/json',
      'X-Bk-Job-Request-Id': ids.job,
      'X-Bkapi-Request-Id': ids.gateway,
      'X-Request-Id': ids.gateway.replaceAll('-', ''),
    },
    body: envelopeText(answer, ids.job),
    code: answer.code,
  }),
};

const notVerified = 'the user indicated by bk_username is not verified';
const noValidIdentity = 'please provide a valid user identity, such as bk_username, bk_token, access_token';

function invalidArguments(reason: string): FrontDoorAnswer {
  const message = `Parameters error [reason="${reason}"]`;
  return gatewayFailure({ status: 400, code: 1640001, codeName: 'INVALID_ARGS', message });
}

/** A refusal of the gateway's own. Without a request id: the caller adds what it has. */
export function gatewayFailure(failure: {
  readonly status: number;
  readonly code: number;
  readonly codeName: string;
  readonly message: string;
}): FrontDoorAnswer {
  const { status, code, codeName, message } = failure;
  return {
    status,
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      'X-Bkapi-Error-Code': String(code),
      'X-Bkapi-Error-Message': message,
    },
    body: JSON.stringify({ code, code_name: codeName, message, result: false, data: null }),
    code,
  };
}

/** The gateway's answer past its rate limit (upstream contract 3.3). */
export function rateLimited(resetSeconds: number): FrontDoorAnswer {
  const failure = gatewayFailure({
    status: 429,
    code: 1642903,
    codeName: 'RATE_LIMIT_RESTRICTION',
    message: 'API rate limit exceeded by resource strategy',
  });
  return {
    ...failure,
    headers: {
      ...failure.headers,
      'X-Bkapi-RateLimit-Limit': '100',
      'X-Bkapi-RateLimit-Remaining': '0',
      'X-Bkapi-RateLimit-Reset': String(resetSeconds),
      'X-Bkapi-RateLimit-Plugin': 'bk-resource-rate-limit',
    },
  };
}
