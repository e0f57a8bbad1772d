import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A client that says what a test wants, byte by byte, to a server that tells its health. */
export interface RawClient {
  readonly socket: Socket;
  /** Resolves as soon as what it got ends with that. */
  got(end: string): Promise<void>;
  /** All that it got, once its connection has ended. */
  readonly ended: Promise<string>;
}

/** A client that has sent this, which the server has read by then. */
export async function rawClient(url: string, text: string): Promise<RawClient> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).setEncoding('utf8');
  let received = '';
  socket.on('data', (piece: string) => (received += piece));
  const ended = new Promise<string>((resolve) => {
    // A reset is an end like others.
    socket.on('error', () => undefined).once('close', () => resolve(received));
  });
  await once(socket, 'connect');
  socket.write(text);
  // Whoever comes later is answered later.
  await (await fetch(new URL('/health', url))).arrayBuffer();
  const got = async (end: string): Promise<void> => {
    while (!received.endsWith(end)) await once(socket, 'data');
  };
  return { socket, got, ended };
}

/** An answer as far as its head tells. */
export interface AnswerHead {
  readonly status: string;
  /** Whether its client is told that it is the last one. */
  readonly isLast: boolean;
}

/** The answers that came on a connection. */
export function headOfEach(received: string): readonly AnswerHead[] {
  const heads = received.matchAll(/HTTP\/1\.1 (\d+) [^]*?\r\n\r\n/g);
  return [...heads].map(([head, status = '']) => ({ status, isLast: /^connection: close\r$/im.test(head) }));
}

/** Resolves once nothing listens there any more. */
export async function refusalOf(url: string): Promise<void> {
  for (;;) {
    try {
      await (await fetch(url, { headers: { connection: 'close' } })).arrayBuffer();
    } catch {
      return;
    }
  }
}
