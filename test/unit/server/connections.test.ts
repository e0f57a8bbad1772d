import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import Fastify from 'fastify';
import { expect, it } from 'vitest';
import { createConnections } from '../../../src/server/connections.ts';

it('the end of a connection is told to every answer that waits on it, not to the first alone', async () => {
  const limits = {
    headerReadTimeout: 10_000,
    requestReadTimeout: 10_000,
    writeStallTimeout: 10_000,
    keepAliveTimeout: 10_000,
    maxConnections: 10,
    maxHeaderBytes: 16_384,
  };
  const connections = createConnections(limits, { connectionRefused: () => undefined });
  const app = Fastify({ ...connections.serverOptions, forceCloseConnections: true });
  connections.watch(app);
  const closed: Promise<unknown>[] = [];
  const arrived = new Promise<void>((resolve) => {
    app.get('/', (_request, reply) => {
      closed.push(once(reply.raw, 'close'));
      if (closed.length === 3) resolve();
      return new Promise(() => undefined);
    });
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const client = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
  client.write('GET / HTTP/1.1\r\nhost: service\r\n\r\n'.repeat(3));
  await arrived;
  client.destroy();
  await expect(Promise.all(closed)).resolves.toHaveLength(3);
  await app.close();
});
