import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { Pool } from 'undici';
import { close, originOf, type PutBetween } from './over-sockets.ts';

interface ProxiedRequest {
  readonly socket: Socket;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

interface ProxiedAnswer {
  readonly status: number;
  readonly body: Buffer;
}

type Send = (request: ProxiedRequest) => Promise<ProxiedAnswer>;

/** Stands between clients and the service, and does to requests and answers what it is made with. */
function proxy(meddle: (send: Send) => Send): PutBetween {
  return async (origin) => {
    const pool = new Pool(origin, { connections: 16 });
    const send = meddle(async ({ path, headers, body }) => {
      const { host: _ours, connection: _hop, ...others } = headers;
      const answer = await pool.request({ path, method: 'POST', headers: others, body });
      return { status: answer.statusCode, body: Buffer.from(await answer.body.arrayBuffer()) };
    });
    const server = createServer((request, response) => {
      void buffer(request)
        .then((body) =>
          send({ socket: request.socket, path: request.url ?? '/', headers: request.headers, body }),
        )
        .then(
          ({ status, body }) => response.writeHead(status, { 'content-type': 'application/json' }).end(body),
          () => response.destroy(),
        );
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return {
      origin: originOf(server),
      [Symbol.asyncDispose]: async () => {
        await pool.destroy();
        await close(server);
      },
    };
  };
}

const signInHeaders = ['x-bkapi-authorization', 'cookie', 'origin', 'x-bk-tenant-id', 'blueking-language'];

/** What must be noticed at the sockets themselves: leaks of a service as a proxy before it would have them. */
export const carelessProxies: Readonly<Record<string, PutBetween>> = {
  'answers are kept by what was asked': proxy((send) => {
    const known = new Map<string, ProxiedAnswer>();
    return async (request) => {
      const key = request.body.toString();
      const answer = known.get(key) ?? (await send(request));
      known.set(key, answer);
      return answer;
    };
  }),

  'equal questions under way share an answer': proxy((send) => {
    const underWay = new Map<string, Promise<ProxiedAnswer>>();
    return (request) => {
      const key = request.body.toString();
      const answer = underWay.get(key) ?? send(request).finally(() => underWay.delete(key));
      underWay.set(key, answer);
      return answer;
    };
  }),

  'a connection keeps the sign-in of its first request': proxy((send) => {
    const known = new WeakMap<Socket, IncomingHttpHeaders>();
    return (request) => {
      const signIn = known.get(request.socket) ?? request.headers;
      known.set(request.socket, signIn);
      const others = Object.entries(request.headers).filter(([name]) => !signInHeaders.includes(name));
      const kept = signInHeaders
        .filter((name) => name in signIn)
        .map((name) => [name, signIn[name]] as const);
      return send({ ...request, headers: Object.fromEntries([...others, ...kept]) });
    };
  }),

  'answers go to who has waited longest': proxy((send) => {
    const waiting: ((answer: ProxiedAnswer) => void)[] = [];
    return (request) =>
      new Promise((resolve, reject) => {
        waiting.push(resolve);
        send(request).then((answer) => waiting.shift()?.(answer), reject);
      });
  }),
};
