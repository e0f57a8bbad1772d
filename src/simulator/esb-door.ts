import { isLosslessNumber, parse as parseExactly } from 'lossless-json';
import { envelopeMembers } from './bk-job.ts';
import {
  demonstrationApp,
  parseObject,
  proofNames,
  statusEndpoint,
  userOf,
  type FrontDoorAnswer,
  type FrontDoorRequest,
  type RequestIds,
  type SimulatedDoor,
} from './front-door-request.ts';
import { objectText, valueText } from './json-text.ts';

const statusPath = /^\/api\/c\/compapi\/(?:v2\/)?jobv3\/get_job_instance_status\/?$/;
const apiPrefix = '/api/c/compapi/';
const json = { 'Content-Type': 'application/json' };

/** ESB's own numbers (upstream contract 3.4). */
const generic = 1306000;
const notFound = 1306404;
const badParameters = 1306406;

/** bk-job behind the ESB, as in the original API document (upstream contract 1.1, 3.4). */
export const esbDoor: SimulatedDoor = {
  frontDoor: 'esb',
  endpointOf: (path) => (path.startsWith(apiPrefix) ? statusEndpoint : null),
  admit: (request, world, ids) => {
    const parameters = request.method === 'GET' ? request.query : parametersOf(request.body);
    const refuse = (code: number, message: string) => ({
      parameters: parameters ?? {},
      user: null,
      refusal: esbFailure(code, message, ids),
    });
    if (!statusPath.test(request.path)) return refuse(notFound, 'Component does not exist');
    if (parameters === null) return refuse(badParameters, 'Request JSON string is wrong in format');
    const credentials = credentialsOf(request, parameters);
    if (credentials === null) return refuse(badParameters, 'X-Bkapi-Authorization is not a valid JSON');
    if (!credentials['bk_app_code']) return refuse(generic, 'APP Code [bk_app_code] cannot be empty');
    if (!credentials['bk_app_secret']) return refuse(generic, noSecret);
    if (
      credentials['bk_app_code'] !== demonstrationApp.code ||
      credentials['bk_app_secret'] !== demonstrationApp.secret
    ) {
      return refuse(generic, 'APP authentication failed, bk_app_code or bk_app_secret is incorrect');
    }
    const user = userOf(credentials, world);
    if (user !== null) return { parameters, user, refusal: null };
    const proof = proofNames.find((name) => credentials[name] !== undefined);
    const what = proof === undefined ? noIdentity : `please check if the ${proof} is valid`;
    return refuse(generic, `User authentication failed, ${what}`);
  },
  wrap: (answer, ids) => ({
    status: 200,
    headers: json,
    body: objectText({
      ...envelopeMembers(answer, ids.job),
      message: valueText(answer.message ?? ''),
      data: answer.data ?? 'null',
      request_id: valueText(ids.esb),
    }),
    code: answer.code,
  }),
};

const noSecret = 'Signature [bk_signature] and APP Secret [bk_app_secret] cannot be empty at the same time';
const noIdentity = 'please provide a valid user identity, such as bk_token, bk_username';

/** With the header there, ESB ignores whatever stands in the body (upstream contract 6.3). */
function credentialsOf(
  { headers }: FrontDoorRequest,
  parameters: Readonly<Record<string, string>>,
): Readonly<Record<string, unknown>> | null {
  const header = headers['x-bkapi-authorization'];
  return typeof header === 'string' ? parseObject(header) : parameters;
}

/** Members of a JSON body as text, numbers digit by digit; null where the body is no JSON object. */
function parametersOf(body: string): Readonly<Record<string, string>> | null {
  try {
    const content = parseExactly(body);
    if (typeof content !== 'object' || content === null || Array.isArray(content)) return null;
    return Object.fromEntries(
      Object.entries(content).map(([name, value]: [string, unknown]) => [
        name,
        isLosslessNumber(value) ? value.value : typeof value === 'string' ? value : JSON.stringify(value),
      ]),
    );
  } catch {
    return null;
  }
}

function esbFailure(code: number, message: string, ids: RequestIds): FrontDoorAnswer {
  const body = JSON.stringify({ result: false, code, data: null, message, request_id: ids.esb });
  return { status: 200, headers: json, body, code };
}
