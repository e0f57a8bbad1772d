import { connect, type Socket } from 'node:net';
import { readFrames, type Said } from './websocket.ts';

/** Where a service listens. */
export interface Target {
  readonly host: string;
  readonly port: number;
  /** Path of the GraphQL endpoint. */
  readonly path: string;
}

/** An answer as it came, byte by byte. */
export interface RawAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What became of a connection. */
export interface Exchange {
  /** Whole answers, in order. */
  readonly answers: readonly RawAnswer[];
  /** What was said after the last of them; null where that did not open a WebSocket. */
  readonly said: Said | null;
  /** Whether the service ended it; otherwise the client lost patience. */
  readonly ended: boolean;
}

/** What a client does on a connection once it stands: writes, waits, resets. */
export type Play = (socket: Socket) => void;

/** Longer than any time limit of a service under test. */
const patience = 20_000;

/** Connects, plays, and reads until the service ends the connection. Never rejects once the connection stands. */
export function exchange({ host, port }: Target, play: Play): Promise<Exchange> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let stands = false;
    let ended = true;
    const socket = connect({ host, port, allowHalfOpen: true }, () => {
      stands = true;
      play(socket);
    });
    const timer = setTimeout(() => {
      ended = false;
      socket.destroy();
    }, patience);
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('end', () => socket.end());
    socket.on('error', (error) => {
      // A service may well reset a connection; one that cannot be made is no answer to anything.
      if (!stands) reject(error);
    });
    socket.on('close', () => {
      clearTimeout(timer);
      resolve({ ...readAnswers(Buffer.concat(chunks)), ended });
    });
  });
}

function readAnswers(bytes: Buffer): Omit<Exchange, 'ended'> {
  const answers: RawAnswer[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf('\r\n\r\n', at);
    if (end === -1) break;
    const [first = '', ...lines] = bytes.toString('latin1', at, end).split('\r\n');
    const headers = Object.fromEntries(
      lines.map((line) => [
        line.slice(0, line.indexOf(':')).toLowerCase(),
        line.slice(line.indexOf(':') + 1).trim(),
      ]),
    );
    const length = Number(headers['content-length'] ?? 0);
    const start = end + 4;
    if (start + length > bytes.length) break;
    const body = bytes.toString('utf8', start, start + length);
    at = start + length;
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1]);
    // An interim answer is none.
    if (status !== 100) answers.push({ status, headers, body });
    if (status === 101) return { answers, said: readFrames(bytes.subarray(at)) };
  }
  return { answers, said: null };
}
