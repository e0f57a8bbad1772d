import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { startTestService, type TestService } from '../support/start-test-service.ts';

function open({ graphqlUrl }: TestService): Socket {
  return openAt(graphqlUrl);
}

function openAt(url: string): Socket {
  const { hostname, port } = new URL(url);
  return connect(Number(port), hostname);
}

it('connections beyond those that may be are refused at once, and health is still told', async () => {
  await using service = await startTestService({ environment: { BKJOB_GQL__SERVER__MAX_CONNECTIONS: '2' } });
  const kept = [open(service), open(service)];
  await Promise.all(kept.map((socket) => once(socket, 'connect')));
  // An answer shows that the service has taken it.
  for (const socket of kept) {
    socket.write('GET /health HTTP/1.1\r\nhost: service\r\n\r\n');
    await once(socket, 'data');
  }
  const refused = open(service);
  refused.resume();
  await once(refused, 'close');
  const health = new URL('/health?live', service.metricsUrl);
  expect(await (await fetch(health, { headers: { connection: 'close' } })).json()).toEqual({ status: 'UP' });
  const closed = kept.map((socket) => once(socket, 'close'));
  for (const socket of kept) socket.destroy();
  await Promise.all(closed);
});

it('a connection without a request is kept for longer than balancers keep one', async () => {
  await using service = await startTestService();
  const socket = open(service);
  socket.write('GET /health HTTP/1.1\r\nhost: service\r\n\r\n');
  const [answer] = (await once(socket, 'data')) as [Buffer];
  const [, seconds] = /keep-alive: timeout=(\d+)/i.exec(answer.toString()) ?? [];
  expect(Number(seconds)).toBeGreaterThan(60);
  socket.destroy();
});

it('nor is it cut where it is kept for longer than the headers of a request may take', async () => {
  await using service = await startTestService({
    environment: { BKJOB_GQL__SERVER__HEADER_READ_TIMEOUT: '1s' },
  });
  const kept = open(service);
  kept.write('GET /health HTTP/1.1\r\nhost: service\r\n\r\n');
  await once(kept, 'data');
  // One that sends nothing at all is ended when that time is over: by then the other has been idle for as long.
  const silent = open(service);
  silent.resume();
  await once(silent, 'close');
  kept.write('GET /health HTTP/1.1\r\nhost: service\r\nconnection: close\r\n\r\n');
  const [answer] = (await once(kept, 'data')) as [Buffer];
  expect(answer.toString()).toContain('200 OK');
  kept.destroy();
});

const sideAddresses: readonly [string, (service: TestService) => string][] = [
  ['health', ({ healthUrl }) => healthUrl],
  ['metrics', ({ metricsUrl }) => metricsUrl],
];

it.each(sideAddresses)('who asks for %s needs few headers, and may send no more', async (_, urlOf) => {
  await using service = await startTestService({
    environment: { BKJOB_GQL__HEALTH_CHECK__LISTEN: '127.0.0.1:0' },
  });
  const statusFor = async (letters: number): Promise<number> =>
    (await fetch(urlOf(service), { headers: { 'x-long': 'x'.repeat(letters) } })).status;
  expect([await statusFor(7000), await statusFor(9000)]).toEqual([200, 431]);
});

it.each(sideAddresses)(
  'a hundred connections that say nothing keep nobody from %s for longer than seconds',
  async (_, urlOf) => {
    await using service = await startTestService({
      environment: { BKJOB_GQL__HEALTH_CHECK__LISTEN: '127.0.0.1:0' },
    });
    const url = urlOf(service);
    const silent = Array.from({ length: 100 }, () => openAt(url));
    const ended = silent.map((socket) => once(socket.resume(), 'close'));
    await Promise.all(silent.map((socket) => once(socket, 'connect')));
    // It is taken after all of those, and is one too many.
    await once(openAt(url).resume(), 'close');
    expect(silent.filter(({ closed }) => closed)).toEqual([]);
    await Promise.all(ended);
    const response = await fetch(url);
    expect(response.status).toBe(200);
    expect(response.headers.get('keep-alive')).toBe('timeout=5');
  },
);
