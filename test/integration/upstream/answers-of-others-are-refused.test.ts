import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { quietObserver } from '../../../src/upstream/upstream-observer.ts';
import { createUpstream } from '../../../src/upstream/upstream.ts';
import { failureOf } from '../../support/failure-of.ts';
import {
  answerOf,
  rightBody,
  startRawUpstream,
  type RawRequest,
  type RawUpstream,
} from '../../support/raw-upstream.ts';
import { startTestService, type TestService } from '../../support/start-test-service.ts';
import { upstreamOptions } from '../../support/upstream-options.ts';

const onOneConnection = {
  BKJOB_GQL__UPSTREAM__CONNECTIONS: '1',
  BKJOB_GQL__UPSTREAM__HOST_DETAIL_CONNECTIONS: '1',
};

const denial = '{"result":false,"code":9900403,"message":"denied"}';

/** How a gateway numbers the answer to a request. */
type Numbering = (request: RawRequest) => readonly string[];

const back: Numbering = ({ requestId }) => [`X-Request-Id: ${requestId ?? ''}`];

/** Tells the job to whoever asks first, and denies it all others. The first answer comes once more before the next one. */
function answeringOnceTooOften(numbering: Numbering) {
  const sockets: Socket[] = [];
  const asked: RawRequest[] = [];
  let told: Buffer | null = null;
  return {
    sockets,
    asked,
    play: (socket: Socket, request: RawRequest) => {
      sockets.push(socket);
      asked.push(request);
      if (told !== null) {
        const ofFirst = sockets.filter((one) => one === sockets[0]);
        if (socket === sockets[0] && ofFirst.length === 2) socket.write(told);
        socket.write(answerOf(denial, 'HTTP/1.1 200 OK', numbering(request)));
        return;
      }
      told = answerOf(rightBody(request), 'HTTP/1.1 200 OK', numbering(request));
      socket.write(told);
    },
  };
}

/** A client with so many connections, by which anybody may read. */
function clientOf(upstream: RawUpstream, connections: number) {
  const options = upstreamOptions(new URL(upstream.url).origin, { connections });
  const client = createUpstream(options, { observer: quietObserver });
  return {
    read: (token: string, jobInstanceId = '42') =>
      client.fetchJobInstanceStatus(
        {
          proof: { kind: 'bk_token', value: token },
          tenantId: null,
          language: 'en',
          fingerprint: token,
          account: token,
        },
        { scope: { kind: 'biz', id: '2' }, jobInstanceId },
        { hostDetail: false },
      ),
    close: () => client.close(),
  };
}

async function ask(service: TestService, token: string) {
  const { body } = await service.query('{ jobInstance(scope: {bkBizId: 2}, jobInstanceId: 42) { name } }', {
    token,
  });
  return body.errors?.[0]?.extensions['code'] ?? body.data;
}

describe('an answer that came once too often', () => {
  it('is not taken for that of the next caller, and its connection ends', async () => {
    await using upstream = await startRawUpstream();
    const { play, sockets, asked } = answeringOnceTooOften(back);
    upstream.play(['42'], play);
    await using service = await startTestService({
      upstreamUrl: upstream.url,
      environment: onOneConnection,
    });
    expect(await ask(service, 'alice')).toEqual({ jobInstance: { name: 'job 42' } });
    expect(await ask(service, 'bob')).toBe('UPSTREAM_BAD_RESPONSE');
    expect(await ask(service, 'carol')).toBe('PERMISSION_DENIED');
    expect(sockets.map((socket) => sockets.indexOf(socket))).toEqual([0, 0, 2]);
    expect(new Set(asked.map(({ requestId }) => requestId)).size).toBe(3);
  });

  it('is not taken for that of the next read of a stream, which no request stands behind', async () => {
    await using upstream = await startRawUpstream();
    const { play, sockets } = answeringOnceTooOften(back);
    upstream.play(['42'], play);
    const client = clientOf(upstream, 1);
    expect(await client.read('alice')).toMatchObject({ name: 'job 42' });
    expect(await failureOf(client.read('bob'))).toMatchObject({ code: 'UPSTREAM_BAD_RESPONSE' });
    expect(await failureOf(client.read('carol'))).toMatchObject({ code: 'PERMISSION_DENIED' });
    expect(sockets.map((socket) => sockets.indexOf(socket))).toEqual([0, 0, 2]);
    await client.close();
  });

  it('is not taken for that of the next caller either where it was long in coming, and hundreds were not', async () => {
    await using upstream = await startRawUpstream();
    const { play } = answeringOnceTooOften(back);
    const held: (() => void)[] = [];
    upstream.play(['42'], (socket, request) => {
      held.push(() => {
        play(socket, request);
      });
      if (held.length > 1) play(socket, request);
    });
    const client = clientOf(upstream, 2);
    const slow = client.read('alice');
    for (let count = 0; count < 600; count += 1) await client.read('carol', '41');
    held[0]?.();
    expect(await slow).toMatchObject({ name: 'job 42' });
    const both = await Promise.all(['bob', 'dave'].map((token) => failureOf(client.read(token))));
    expect(both.map(({ code }) => code).toSorted()).toEqual(['PERMISSION_DENIED', 'UPSTREAM_BAD_RESPONSE']);
    await client.close();
  });
});

it.each<[string, Numbering]>([
  ['that numbers answers by itself', () => ['X-Request-Id: 8d0f6c1e3b2a4f599c470a1b2c3d4e5f']],
  ['that numbers no answers', () => []],
  ['that numbers them back', back],
])('a gateway %s keeps its connection', async (_which, numbering) => {
  await using upstream = await startRawUpstream();
  const sockets = new Set<Socket>();
  upstream.play(['42'], (socket, request) => {
    sockets.add(socket);
    socket.write(answerOf(rightBody(request), 'HTTP/1.1 200 OK', numbering(request)));
  });
  await using service = await startTestService({ upstreamUrl: upstream.url, environment: onOneConnection });
  for (const token of ['alice', 'bob', 'alice']) {
    expect(await ask(service, token)).toEqual({ jobInstance: { name: 'job 42' } });
  }
  expect(sockets.size).toBe(1);
});
