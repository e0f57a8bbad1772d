import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { whenSent } from '../../../src/server/when-sending.ts';

/** More than the system takes of an answer that nobody reads. */
const size = 32 * 1024 * 1024;

/** A server that answers with so many bytes, and a client that reads none of them. */
async function start() {
  const events: string[] = [];
  const server = createServer();
  const asked = once(server, 'request') as Promise<[unknown, ServerResponse]>;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client: Socket = connect((server.address() as AddressInfo).port, '127.0.0.1').pause();
  client.write('GET / HTTP/1.1\r\nHost: test\r\n\r\n');
  const [, response] = await asked;
  whenSent(response, { sent: () => events.push('sent') });
  response.end(Buffer.alloc(size, 1));
  return {
    client,
    response,
    events,
    [Symbol.asyncDispose]: async () => {
      client.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe('what waits for an answer to be sent', () => {
  it('waits as long as the client has not read it, and no longer', async () => {
    await using running = await start();
    const { client, response, events } = running;
    let read = 0;
    client.on('data', (chunk: Buffer) => {
      read += chunk.length;
      if (read < size / 2) expect(events).toEqual([]);
    });
    expect(response.socket?.writableLength).toBeGreaterThan(0);
    client.resume();
    await once(response, 'finish');
    expect(events).toEqual(['sent']);
  });

  it('waits for ever where the connection breaks before that', async () => {
    await using running = await start();
    const { client, response, events } = running;
    client.destroy();
    await once(response, 'close');
    expect(events).toEqual([]);
  });
});
