import { request } from 'node:http';
import { parse } from 'lossless-json';
import type { Simulator } from '../../../src/simulator/index.ts';

/** An HTTP answer, whole. Names of headers are in lower case. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** What is asked of a simulator, beside the credentials of the demonstration's application. */
export interface Asked {
  readonly frontDoor?: 'apigw-v3' | 'esb';
  /** The user's token; alice's if left out, none if null. */
  readonly token?: string | null;
  readonly parameters?: Readonly<Record<string, string | number | boolean>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly path?: string;
  /** In place of all credentials. */
  readonly credentials?: Readonly<Record<string, string>>;
}

export const gatewayPath = '/api/bk-job/prod/api/v3/get_job_instance_status';
export const esbPath = '/api/c/compapi/v2/jobv3/get_job_instance_status/';

/** Sends a request over a connection of its own. Rejects where the connection ends before the answer does. */
export function send(
  url: string,
  options: {
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
  } = {},
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', headers = {}, body = '' } = options;
    const outgoing = request(url, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: Object.fromEntries(
            Object.entries(response.headers).map(([name, value]) => [name, String(value)]),
          ),
          text: Buffer.concat(chunks).toString('utf8'),
        }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** Asks as the front door wants to be asked: a query and a header at the gateway, a body at the ESB. */
export function ask(simulator: Simulator, asked: Asked = {}): Promise<HttpAnswer> {
  const { frontDoor = 'apigw-v3', token = 'alice', parameters = {}, headers = {} } = asked;
  const credentials = asked.credentials ?? {
    bk_app_code: 'demo_app',
    bk_app_secret: 'demo_secret',
    ...(token !== null && { bk_token: token }),
  };
  if (frontDoor === 'esb') {
    return send(simulator.url + (asked.path ?? esbPath), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify({ ...credentials, ...parameters }),
    });
  }
  const query = new URLSearchParams(
    Object.entries(parameters).map(([name, value]): [string, string] => [name, String(value)]),
  );
  return send(`${simulator.url}${asked.path ?? gatewayPath}?${query.toString()}`, {
    headers: {
      ...(Object.keys(credentials).length > 0 && { 'X-Bkapi-Authorization': JSON.stringify(credentials) }),
      ...headers,
    },
  });
}

/** JSON with its numbers digit by digit. */
export type ExactJson = Readonly<Record<string, unknown>>;

/** The JSON object of an answer, numbers digit by digit. */
export function jsonOf({ text }: Pick<HttpAnswer, 'text'>): ExactJson {
  return parse(text) as ExactJson;
}

/** The number of an answer's envelope. */
export function codeOf(answer: HttpAnswer): number {
  return Number(jsonOf(answer)['code']);
}
