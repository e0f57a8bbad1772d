import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import Fastify from 'fastify';
import { expect, it } from 'vitest';
import { createConnections } from '../../../src/server/connections.ts';

const limits = {
  headerReadTimeout: 10_000,
  requestReadTimeout: 10_000,
  writeStallTimeout: 10_000,
  keepAliveTimeout: 10_000,
  maxConnections: 10,
  maxHeaderBytes: 16_384,
};

function createApp() {
  const connections = createConnections(limits, { connectionRefused: () => undefined });
  const app = Fastify({ ...connections.serverOptions, forceCloseConnections: true });
  connections.watch(app);
  return app;
}

const request = 'GET / HTTP/1.1\r\nhost: service\r\n\r\n';

it('the end of a connection is told to every answer that waits on it, not to the first alone', async () => {
  const app = createApp();
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
  client.write(request.repeat(3));
  await arrived;
  client.destroy();
  await expect(Promise.all(closed)).resolves.toHaveLength(3);
  await app.close();
});

/** How many answers come to requests that are sent in bundles, each after the answers to the one before. */
async function answersTo(bundles: readonly number[]): Promise<number> {
  const app = createApp();
  app.get('/', (_request, reply) => reply.send('answer'));
  await app.listen({ host: '127.0.0.1', port: 0 });
  const client = connect((app.server.address() as AddressInfo).port, '127.0.0.1').setEncoding('utf8');
  let text = '';
  let sent = 0;
  const answers = (): number => text.split('\r\n\r\nanswer').length - 1;
  try {
    for (const size of bundles) {
      client.write(request.repeat(size));
      sent += size;
      while (answers() < sent) {
        const [piece] = (await Promise.race([once(client, 'data'), once(client, 'close')])) as [unknown];
        if (typeof piece !== 'string') return answers();
        text += piece;
      }
    }
    return answers();
  } finally {
    client.destroy();
    await app.close();
  }
}

it('a connection may bring sixteen requests at once again and again, and not seventeen', async () => {
  expect(await answersTo([16, 16, 16])).toBe(48);
  expect(await answersTo([16, 17])).toBeLessThan(33);
});
