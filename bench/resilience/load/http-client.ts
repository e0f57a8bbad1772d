import { connect, type Socket } from 'node:net';

/** An answer as far as the generator looks at it. */
export interface ClientAnswer {
  readonly status: number;
  readonly body: string;
}

/** Where a client sends its requests, and over how many connections at most. */
export interface HttpClientOptions {
  readonly host: string;
  readonly port: number;
  readonly maxConnections: number;
}

/** Sends requests that are bytes already, each on a connection of its own while it is under way. */
export interface HttpClient {
  /** Calls back with the answer, or with null where the connection broke before it was there. */
  send(request: Buffer, answered: (answer: ClientAnswer | null) => void): void;
  /** Opens all connections that there may be; resolves when they are there. */
  openAll(): Promise<void>;
  close(): void;
}

type Answered = (answer: ClientAnswer | null) => void;

/**
 * A client that costs next to nothing, so that it is never what limits a figure. It knows HTTP/1.1 with a length, which
 * is all that this service sends, and opens a connection whenever none is free, up to its limit. What finds none then
 * waits, and late is what it is: whoever counts from the time at which it was to be sent hides nothing.
 */
export function createHttpClient({ host, port, maxConnections }: HttpClientOptions): HttpClient {
  const idle: Connection[] = [];
  const all = new Set<Connection>();
  const waiting: { readonly request: Buffer; readonly answered: Answered }[] = [];

  function open(connected?: () => void): Connection {
    const socket = connect({ host, port, noDelay: true }, connected);
    const opened = new Connection(socket, () => {
      all.delete(opened);
      sendNext();
    });
    all.add(opened);
    return opened;
  }

  function freeConnection(): Connection | null {
    let connection = idle.pop();
    while (connection?.isBroken === true) connection = idle.pop();
    return connection ?? (all.size < maxConnections ? open() : null);
  }

  function sendNext(): void {
    if (waiting.length === 0) return;
    const connection = freeConnection();
    const next = connection === null ? undefined : waiting.shift();
    if (connection === null || next === undefined) return;
    connection.send(next.request, (answer) => {
      if (answer !== null) idle.push(connection);
      next.answered(answer);
      sendNext();
    });
  }

  return {
    send: (request, answered) => {
      waiting.push({ request, answered });
      sendNext();
    },
    openAll: async () => {
      const opened: Promise<void>[] = [];
      while (all.size < maxConnections) {
        opened.push(new Promise((connected) => idle.push(open(connected))));
      }
      await Promise.all(opened);
    },
    close: () => {
      for (const { answered } of waiting.splice(0)) answered(null);
      for (const connection of all) connection.destroy();
    },
  };
}

const endOfHead = Buffer.from('\r\n\r\n');

class Connection {
  isBroken = false;
  readonly #socket: Socket;
  #answered: ((answer: ClientAnswer | null) => void) | null = null;
  #received: Buffer = Buffer.alloc(0);

  constructor(socket: Socket, gone: () => void) {
    this.#socket = socket;
    socket.on('data', (chunk) => {
      this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
      this.#read();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.isBroken = true;
      gone();
      this.#settle(null);
    });
  }

  send(request: Buffer, answered: (answer: ClientAnswer | null) => void): void {
    this.#answered = answered;
    this.#socket.write(request);
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #read(): void {
    const end = this.#received.indexOf(endOfHead);
    if (end === -1) return;
    const head = this.#received.toString('latin1', 0, end);
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? Number.NaN);
    if (Number.isNaN(length)) {
      this.#socket.destroy();
      return;
    }
    const whole = end + endOfHead.length + length;
    if (this.#received.length < whole) return;
    const body = this.#received.toString('utf8', end + endOfHead.length, whole);
    this.#received = this.#received.subarray(whole);
    if (/\r\nconnection: *close/i.test(head)) this.isBroken = true;
    this.#settle({ status: Number(head.slice(9, 12)), body });
  }

  #settle(answer: ClientAnswer | null): void {
    const answered = this.#answered;
    this.#answered = null;
    answered?.(answer);
  }
}
