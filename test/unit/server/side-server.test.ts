import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it, vi } from 'vitest';
import { startSideServer } from '../../../src/server/side-server.ts';

/** As many as are taken at a time. */
const all = 100;
const moreThanTheSystemHolds = Buffer.alloc(16 * 1024 ** 2);

it('who takes nothing of an answer keeps others from being answered for some seconds, and not for ever', async () => {
  const server = await startSideServer({ host: '127.0.0.1', port: 0, path: '/' }, ({ url }, response) => {
    response.end(url === '/large' ? moreThanTheSystemHolds : 'small');
  });
  const ask = (path: string) => {
    const { hostname, port } = new URL(server.url);
    const client = connect(Number(port), hostname).on('error', () => undefined);
    client.write(`GET ${path} HTTP/1.1\r\nhost: service\r\nconnection: close\r\n\r\n`);
    return client;
  };
  const isAnswered = async (): Promise<boolean> => {
    const answer = await text(ask('/')).catch(() => '');
    return answer.endsWith('small');
  };
  const clients = Array.from({ length: all }, () => ask('/large'));
  try {
    await Promise.all(clients.map((client) => once(client, 'readable')));
    expect(await isAnswered()).toBe(false);
    await vi.waitUntil(isAnswered, { timeout: 20_000, interval: 100 });
  } finally {
    for (const client of clients) client.destroy();
    await server.close();
  }
}, 30_000);
