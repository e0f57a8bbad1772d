import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { ConnectionsFirst, type EventLoop } from '../../../src/server/connections-first.ts';

const request = 'GET / HTTP/1.1\r\nhost: service\r\n\r\n';

/** An HTTP server whose connections come first, with a clock that stands still. */
async function startServer(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(answer);
  new ConnectionsFirst(server, { now: () => 0, atEndOfTurn: setImmediate }).take();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    server,
    open: (): Socket => connect(port, '127.0.0.1'),
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

describe('over HTTP', () => {
  it('all who come together are accepted before the first of them is answered', async () => {
    let accepted = 0;
    const acceptedBefore: number[] = [];
    await using started = await startServer((_request, response) => {
      acceptedBefore.push(accepted);
      response.end();
    });
    started.server.on('connection', () => accepted++);
    const clients = Array.from({ length: 30 }, started.open);
    for (const client of clients) client.write(request);
    await Promise.all(clients.map((client) => once(client, 'data')));
    expect(acceptedBefore).toEqual(Array.from(clients, () => clients.length));
  });

  it('so are those answered who say at once that they send nothing more', async () => {
    await using started = await startServer((_request, response) => response.end());
    const clients = Array.from({ length: 30 }, started.open);
    for (const client of clients) client.end(request);
    const answers = await Promise.all(clients.map((client) => once(client, 'data')));
    expect(answers).toHaveLength(clients.length);
  });

  it('nobody is harmed by one who has left again', async () => {
    await using started = await startServer((_request, response) => response.end());
    const gone = started.open();
    const clients = Array.from({ length: 5 }, started.open);
    await once(gone, 'connect');
    gone.resetAndDestroy();
    for (const client of clients) client.write(request);
    const answers = await Promise.all(clients.map((client) => once(client, 'data')));
    expect(answers).toHaveLength(clients.length);
  });

  it('what is sent on one connection is answered in its order', async () => {
    await using started = await startServer((_request, response) => response.end('answer'));
    started.server.on('upgrade', (_request, socket) => socket.end('upgraded'));
    const client = started.open().setEncoding('utf8');
    client.write(
      `${request}GET / HTTP/1.1\r\nhost: service\r\nupgrade: other\r\nconnection: upgrade\r\n\r\n`,
    );
    let text = '';
    for await (const piece of client) text += String(piece);
    expect(text).toMatch(/^HTTP\/1\.1 200 [^]*answerupgraded$/);
  });
});

/** A server and an event loop that goes on when it is told to. */
class Rehearsal {
  readonly server = new EventEmitter();
  /** What the server and its connections were told. */
  readonly told: string[] = [];
  /** Milliseconds. */
  time = 0;
  readonly connections: ConnectionsFirst;
  #atEnd: (() => void)[] = [];

  constructor() {
    this.server.on('connection', ({ name }: { readonly name: string }) => this.told.push(`${name} accepted`));
    const loop: EventLoop = { now: () => this.time, atEndOfTurn: (act) => this.#atEnd.push(act) };
    this.connections = new ConnectionsFirst(this.server, loop);
    this.connections.take();
  }

  /** Whether the loop has been asked for a turn. */
  get isAwake(): boolean {
    return this.#atEnd.length > 0;
  }

  connect(name: string, readableFlowing: boolean | null = false): void {
    const resume = (): number => this.told.push(`${name} read`);
    this.server.emit('connection', { name, readableFlowing, resume });
  }

  endTurn(): void {
    const acts = this.#atEnd;
    this.#atEnd = [];
    for (const act of acts) act();
  }
}

describe('turn by turn', () => {
  it('connections wait, in their order, for the first turn without another', () => {
    const rehearsal = new Rehearsal();
    for (const name of ['one', 'two']) {
      rehearsal.connect(name);
      rehearsal.endTurn();
    }
    expect(rehearsal.told).toEqual([]);
    rehearsal.endTurn();
    expect(rehearsal.told).toEqual(['one accepted', 'one read', 'two accepted', 'two read']);
    expect(rehearsal.isAwake).toBe(false);
  });

  it('a flood of connections is held for 25 ms, and then again', () => {
    const rehearsal = new Rehearsal();
    const read = (): string[] => rehearsal.told.filter((text) => text.endsWith('read'));
    for (const [name, time] of [
      ['one', 0],
      ['two', 24],
      ['three', 25],
      ['four', 30],
      ['five', 54],
    ] as const) {
      rehearsal.time = time;
      rehearsal.connect(name);
      rehearsal.endTurn();
    }
    expect(read()).toEqual(['one read', 'two read', 'three read']);
    rehearsal.time = 55;
    rehearsal.connect('six');
    rehearsal.endTurn();
    expect(read()).toHaveLength(6);
  });

  it('sixteen are read in one turn', () => {
    const rehearsal = new Rehearsal();
    for (let number = 0; number < 40; number++) rehearsal.connect(String(number));
    rehearsal.endTurn();
    const read: number[] = [];
    while (rehearsal.isAwake) {
      rehearsal.endTurn();
      read.push(rehearsal.told.length / 2);
    }
    expect(read).toEqual([16, 32, 40]);
    expect(rehearsal.told.at(-1)).toBe('39 read');
  });

  it('one that is read already is handed on at once', () => {
    const rehearsal = new Rehearsal();
    rehearsal.connect('upgraded', null);
    expect(rehearsal.told).toEqual(['upgraded accepted']);
    expect(rehearsal.isAwake).toBe(false);
  });

  it('before nobody listens any more all are accepted who wait for it, and none is read before', () => {
    const rehearsal = new Rehearsal();
    rehearsal.connect('one');
    rehearsal.connections.acceptAll(1000, () => rehearsal.told.push('all accepted'));
    rehearsal.endTurn();
    for (let number = 2; number < 40; number++) {
      rehearsal.time = number * 10;
      rehearsal.connect(String(number));
      rehearsal.endTurn();
    }
    expect(rehearsal.told).toEqual([]);
    rehearsal.endTurn();
    expect(rehearsal.told).toHaveLength(2 * 39 + 1);
    expect(rehearsal.told.slice(-2)).toEqual(['39 read', 'all accepted']);
    expect(rehearsal.isAwake).toBe(false);
  });

  it('where none waits that is known after one more turn', () => {
    const rehearsal = new Rehearsal();
    rehearsal.connections.acceptAll(1000, () => rehearsal.told.push('all accepted'));
    rehearsal.endTurn();
    expect(rehearsal.told).toEqual([]);
    rehearsal.endTurn();
    expect(rehearsal.told).toEqual(['all accepted']);
  });

  it('where more and more come that ends in time', () => {
    const rehearsal = new Rehearsal();
    rehearsal.connections.acceptAll(1000, () => rehearsal.told.push('all accepted'));
    for (const time of [0, 500, 999]) {
      rehearsal.time = time;
      rehearsal.connect(String(time));
      rehearsal.endTurn();
    }
    expect(rehearsal.told).toEqual([]);
    rehearsal.time = 1000;
    rehearsal.connect('last');
    rehearsal.endTurn();
    expect(rehearsal.told.slice(-2)).toEqual(['last read', 'all accepted']);
  });
});
