import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { takeConnectionsFirst, type EventLoop } from '../../../src/server/connections-first.ts';

const request = 'GET / HTTP/1.1\r\nhost: service\r\n\r\n';

/** An HTTP server whose connections come first, with a clock that stands still. */
async function startServer(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(answer);
  takeConnectionsFirst(server, {
    isEnding: () => false,
    loop: { now: () => 0, atEndOfTurn: setImmediate },
  });
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

  it('requests on connections that are there wait for nobody', async () => {
    await using started = await startServer((_request, response) => response.end('answer'));
    const client = started.open().setEncoding('utf8');
    for (let sent = 0; sent < 3; sent++) {
      client.write(request);
      const [text] = (await once(client, 'data')) as [string];
      expect(text).toContain('answer');
    }
  });
});

/** A server and an event loop that goes on when it is told to. */
class Rehearsal {
  readonly server = new EventEmitter();
  /** Of the requests that were handed on. */
  readonly #names: string[] = [];
  /** Milliseconds. */
  time = 0;
  isEnding = false;
  #atEnd: (() => void)[] = [];

  constructor() {
    this.server.on('request', ({ name }: { readonly name: string }) => this.#names.push(name));
    const loop: EventLoop = { now: () => this.time, atEndOfTurn: (act) => this.#atEnd.push(act) };
    takeConnectionsFirst(this.server, { isEnding: () => this.isEnding, loop });
  }

  /** Whether the loop has been asked for a turn. */
  get isAwake(): boolean {
    return this.#atEnd.length > 0;
  }

  connection(): void {
    this.server.emit('connection');
  }

  request(name: string, { socket = { destroyed: false } } = {}): EventEmitter {
    const response = new EventEmitter();
    this.server.emit('request', { name, socket }, response);
    return response;
  }

  endTurn(): void {
    const acts = this.#atEnd;
    this.#atEnd = [];
    for (const act of acts) act();
  }

  get names(): string[] {
    return [...this.#names];
  }
}

describe('turn by turn', () => {
  it('who asks while nobody connects is handed on at once, and no turn is asked for', () => {
    const rehearsal = new Rehearsal();
    rehearsal.request('one');
    expect(rehearsal.names).toEqual(['one']);
    expect(rehearsal.isAwake).toBe(false);
  });

  it('requests wait, in their order, for the first turn without a connection', () => {
    const rehearsal = new Rehearsal();
    rehearsal.connection();
    rehearsal.request('one');
    rehearsal.endTurn();
    rehearsal.connection();
    rehearsal.request('two');
    rehearsal.endTurn();
    rehearsal.request('three');
    expect(rehearsal.names).toEqual([]);
    rehearsal.endTurn();
    expect(rehearsal.names).toEqual(['one', 'two', 'three']);
    expect(rehearsal.isAwake).toBe(false);
    rehearsal.request('four');
    expect(rehearsal.names).toEqual(['one', 'two', 'three', 'four']);
  });

  it('a flood of connections holds requests up for 25 ms, and then again', () => {
    const rehearsal = new Rehearsal();
    for (const [name, time] of [
      ['one', 0],
      ['two', 24],
      ['three', 25],
      ['four', 30],
      ['five', 54],
    ] as const) {
      rehearsal.time = time;
      rehearsal.connection();
      rehearsal.request(name);
      rehearsal.endTurn();
    }
    expect(rehearsal.names).toEqual(['one', 'two', 'three']);
    rehearsal.time = 55;
    rehearsal.connection();
    rehearsal.endTurn();
    expect(rehearsal.names).toEqual(['one', 'two', 'three', 'four', 'five']);
  });

  it('that a client left while it was held is said to those who hear of its request only now', () => {
    const rehearsal = new Rehearsal();
    const closed: string[] = [];
    rehearsal.connection();
    for (const [name, hasLeft] of [
      ['gone', true],
      ['there', false],
    ] as const) {
      rehearsal.request(name, { socket: { destroyed: hasLeft } }).on('close', () => closed.push(name));
    }
    rehearsal.endTurn();
    rehearsal.endTurn();
    expect(rehearsal.names).toEqual(['gone', 'there']);
    expect(closed).toEqual(['gone']);
  });

  it('what breaks off while it is held is handed on before anybody hears of the break', () => {
    const rehearsal = new Rehearsal();
    const broken = { destroyed: false };
    const handedOnBefore: string[][] = [];
    rehearsal.server.on('clientError', () => handedOnBefore.push(rehearsal.names));
    rehearsal.connection();
    rehearsal.request('broken', { socket: broken });
    rehearsal.request('whole');
    rehearsal.server.emit('clientError', new Error('broken'), broken);
    expect(handedOnBefore).toEqual([['broken']]);
    rehearsal.endTurn();
    rehearsal.endTurn();
    expect(rehearsal.names).toEqual(['broken', 'whole']);
  });

  it('nothing is held once the service has been told to end, and what was held is let go', () => {
    const rehearsal = new Rehearsal();
    rehearsal.connection();
    rehearsal.request('one');
    rehearsal.isEnding = true;
    rehearsal.endTurn();
    expect(rehearsal.names).toEqual(['one']);
    rehearsal.connection();
    rehearsal.request('two');
    expect(rehearsal.names).toEqual(['one', 'two']);
    expect(rehearsal.isAwake).toBe(false);
  });
});
