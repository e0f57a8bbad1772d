import { WebSocket } from 'ws';
import { asFollowing } from './operations.ts';
import type { OpenWay } from './open-world.ts';
import { startBefore } from './over-sockets.ts';
import { headersOf } from './personas.ts';
import type { IsolationRequest } from './way-in.ts';

/**
 * By WebSocket: what is asked of a job is followed instead, and the first message is the answer. Followers of one
 * moment share readers and streams where they may.
 */
export function byWebSocket(): OpenWay {
  return async (calls) => {
    const service = await startBefore(calls);
    const url = new URL('/ws', service.graphqlUrl).href.replace('http', 'ws');
    return {
      ...service,
      inTransit: true,
      ask: (request) => firstMessage(url, request),
      [Symbol.asyncDispose]: () => service.close(),
    };
  };
}

function firstMessage(url: string, request: IsolationRequest): Promise<string> {
  const { persona, signIn, signal, document } = request;
  const { document: query, variables } = asFollowing(request);
  const { origin, ...headers } = headersOf(persona, signIn);
  // A cookie comes with the request that opens the socket; a header may come in the first message, too.
  const isInPayload = signIn === 'header' && document.length % 2 === 0;
  const socket = new WebSocket(url, 'graphql-transport-ws', {
    ...(origin !== undefined && { origin }),
    headers: isInPayload ? {} : headers,
  });
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      socket.terminate();
      reject(signal.reason instanceof Error ? signal.reason : new Error('The caller left.'));
    };
    signal.addEventListener('abort', leave, { once: true });
    socket.on('open', () => {
      socket.send(JSON.stringify({ type: 'connection_init', payload: isInPayload ? headers : {} }));
    });
    socket.on('message', (data: Buffer) => {
      const text = data.toString();
      if (text.includes('"connection_ack"')) {
        socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query, variables } }));
        return;
      }
      resolve(text);
      socket.terminate();
    });
    socket.on('close', (code, reason) => {
      signal.removeEventListener('abort', leave);
      resolve(`closed with ${String(code)} ${reason.toString()}`);
    });
    socket.on('error', () => undefined);
  });
}
