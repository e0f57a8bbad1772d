import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestService, type TestService } from '../../support/start-test-service.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service[Symbol.asyncDispose]());

const body = JSON.stringify({ query: '{ __typename }' });
const post = (more = '') =>
  `POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: ${String(body.length)}\r\n${more}\r\n${body}`;

const asksForHttp2 = 'connection: upgrade\r\nupgrade: h2c\r\n';
const webSocket = (path: string) =>
  `GET ${path} HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\nsec-websocket-protocol: graphql-transport-ws\r\n\r\n`;

function open(): Socket {
  const { hostname, port } = new URL(service.graphqlUrl);
  return connect(Number(port), hostname);
}

/** What comes back for these requests, sent in one piece, until the service ends their connection. */
async function answersTo(...requests: readonly string[]): Promise<string> {
  const socket = open();
  let answers = '';
  socket.on('data', (part: Buffer) => {
    answers += part.toString();
  });
  socket.write(requests.join(''));
  await once(socket, 'close');
  return answers;
}

async function refusedUpgrades(): Promise<number> {
  const page = await service.telemetry.metricsPage();
  const [, count] = /connections_refused_total\{reason="upgrade"\} (\d+)/.exec(page) ?? [];
  return Number(count ?? 0);
}

it.each([
  ['for HTTP/2 in the clear', post(asksForHttp2)],
  ['for a WebSocket', webSocket('/ws')],
  ['for a WebSocket where there is none', webSocket('/nowhere')],
])(
  'a connection that asks %s while it waits for an answer is ended, and gets no other',
  async (_for, upgrade) => {
    const before = await refusedUpgrades();
    expect(await answersTo(post(), upgrade, post())).toBe('');
    expect(await refusedUpgrades()).toBe(before + 1);
  },
);

it('so is one that asks once more before the first was answered', async () => {
  expect(await answersTo(post(asksForHttp2), post(asksForHttp2))).toBe('');
});

it('one that expects what nobody does is not told so in place of an answer that it waits for', async () => {
  expect(await answersTo(post(), post('expect: a miracle\r\n'))).toBe('');
});

it('a connection can ask for HTTP/2 with each of many requests, and nothing is gathered on it', async () => {
  const warnings: string[] = [];
  const note = ({ name }: Error): void => void warnings.push(name);
  process.on('warning', note);
  const socket = open();
  for (let count = 0; count < 20; count += 1) {
    socket.write(post(asksForHttp2));
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 200 /);
  }
  socket.destroy();
  process.off('warning', note);
  expect(warnings).toEqual([]);
});
