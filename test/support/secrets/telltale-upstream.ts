import { createServer, request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { startSimulator, type Simulator } from '../../../src/simulator/index.ts';

/** A bk-job that knows secrets for what they stand for, and can repeat them in its answers. */
export interface TelltaleUpstream extends AsyncDisposable {
  readonly url: string;
  readonly simulator: Simulator;
  /** First lines of the requests that it got. */
  readonly urls: readonly string[];
  /** The next answers are errors that repeat, in each place that bk-job has for words, what signed in. */
  repeatSecrets(status: number, times: number): void;
  /** How many such answers it gave. */
  told(): number;
}

/** Starts one. `meanings` says what the embedded bk-job knows each secret as. */
export async function startTelltaleUpstream(
  meanings: Readonly<Record<string, string>>,
): Promise<TelltaleUpstream> {
  const simulator = await startSimulator();
  const urls: string[] = [];
  let told = 0;
  let telling: { readonly status: number; left: number } = { status: 200, left: 0 };
  const server = createServer((request, response) => {
    urls.push(`${request.method ?? ''} ${request.url ?? ''}`);
    if (telling.left > 0) {
      telling.left -= 1;
      told += 1;
      void tell(request, response, {
        status: telling.status,
        code: codes[telling.left % codes.length],
        ofUser: told % 2 === 0,
      });
    } else {
      passOn(request, response, { url: simulator.url, meanings });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    simulator,
    urls,
    repeatSecrets: (status, times) => {
      telling = { status, left: times };
    },
    told: () => told,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await simulator.close();
    },
  };
}

/** A failure of which nothing is told, a job that is not there, whose text is, and a denial, whose permission is, too. */
const codes = [1_240_002, 1_244_006, 9_900_403] as const;

/** What is said aloud. */
interface Telling {
  readonly status: number;
  readonly code: number | undefined;
  /** Whether of the user alone, and not of the application. */
  readonly ofUser: boolean;
}

/** Says aloud whatever signed in. */
async function tell(
  request: IncomingMessage,
  response: ServerResponse,
  { status, code, ofUser }: Telling,
): Promise<void> {
  const all = `${String(request.headers['x-bkapi-authorization'] ?? '')}${await text(request)}`;
  const words = ofUser ? all.replace(/"bk_app_secret":"(?:[^"\\]|\\.)*",?/, '') : all;
  const body = {
    result: false,
    code,
    message: encodeURIComponent(words),
    data: words,
    job_request_id: Buffer.from(words).toString('hex').slice(0, 128),
    request_id: Buffer.from(words).toString('base64url').slice(0, 128),
  };
  const resource = { type: words, id: words, name: words };
  const related = [{ type: words, instances: [[resource]] }];
  const named = { id: 'view_history', name: words, related_resource_types: related };
  const permission = { system_id: 'bk_job', apply_url: words, actions: [named, { id: words, name: 'x' }] };
  response.writeHead(status, { 'content-type': 'application/json', 'x-request-id': 'telltale-0001' });
  response.end(JSON.stringify({ ...body, code_name: words, permission }));
}

function passOn(
  request: IncomingMessage,
  response: ServerResponse,
  { url, meanings }: { readonly url: string; readonly meanings: Readonly<Record<string, string>> },
): void {
  const translate = (words: string): string => {
    let known = words;
    for (const [secret, meaning] of Object.entries(meanings)) {
      known = known.replaceAll(JSON.stringify(secret).slice(1, -1), meaning);
    }
    return known;
  };
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, translate(String(value ?? ''))]),
  );
  void text(request).then((body) => {
    const asked = send(`${url}${request.url ?? ''}`, {
      method: request.method,
      headers: { ...headers, 'content-length': String(Buffer.byteLength(translate(body))) },
    });
    asked.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.on('error', () => response.destroy()).pipe(response);
    });
    asked.on('error', () => response.destroy());
    asked.end(translate(body));
  });
}
