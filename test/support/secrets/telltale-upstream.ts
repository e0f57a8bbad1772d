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
}

/** Starts one. `meanings` says what the embedded bk-job knows each secret as. */
export async function startTelltaleUpstream(
  meanings: Readonly<Record<string, string>>,
): Promise<TelltaleUpstream> {
  const simulator = await startSimulator();
  const urls: string[] = [];
  let telling: { readonly status: number; left: number } = { status: 200, left: 0 };
  const server = createServer((request, response) => {
    urls.push(`${request.method ?? ''} ${request.url ?? ''}`);
    if (telling.left > 0) {
      telling.left -= 1;
      void tell(request, response, telling.status);
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
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await simulator.close();
    },
  };
}

/** Says aloud whatever signed in. */
async function tell(request: IncomingMessage, response: ServerResponse, status: number): Promise<void> {
  const words = `${String(request.headers['x-bkapi-authorization'] ?? '')}${await text(request)}`;
  const body = {
    result: false,
    code: 1_240_002,
    message: words,
    data: words,
    request_id: words.slice(0, 40),
  };
  response.writeHead(status, { 'content-type': 'application/json', 'x-request-id': 'telltale-0001' });
  response.end(JSON.stringify({ ...body, code_name: words, permission: { apply_url: words } }));
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
