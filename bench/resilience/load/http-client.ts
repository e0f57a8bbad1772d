import { connect, type Socket } from 'node:net';

/** An answer as far as the generator looks at it. */
export interface ClientAnswer {
  readonly status: number;
  readonly body: string;
}

/** Sends requests that are bytes already, each on a connection of its own while it is under way. */
export interface HttpClient {
  /** Calls back with the answer, or with null where the connection broke before it was there. */
  send(request: Buffer, answered: (answer: ClientAnswer | null) => void): void;
  close(): void;
}

/**
 * A client that costs next to nothing, so that it is never what limits a figure. It knows HTTP/1.1 with a length, which
 * is all that this service sends, and opens a connection whenever none is free: a queue in the client would hide what
 * the service makes clients wait.
 */
export function createHttpClient({
  host,
  port,
}: {
  readonly host: string;
  readonly port: number;
}): HttpClient {
  const idle: Connection[] = [];
  const all = new Set<Connection>();
  return {
    send: (request, answered) => {
      let connection = idle.pop();
      while (connection?.isBroken === true) connection = idle.pop();
      if (connection === undefined) {
        const opened = new Connection(connect({ host, port, noDelay: true }), () => all.delete(opened));
        all.add(opened);
        connection = opened;
      }
      const used = connection;
      used.send(request, (answer) => {
        if (answer !== null) idle.push(used);
        answered(answer);
      });
    },
    close: () => {
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
