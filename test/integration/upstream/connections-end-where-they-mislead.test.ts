import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { Caller } from '../../../src/domain/caller.ts';
import { quietObserver } from '../../../src/upstream/upstream-observer.ts';
import { createUpstream } from '../../../src/upstream/upstream.ts';
import { failureOf } from '../../support/failure-of.ts';
import { answerOf, rightBody, startRawUpstream, type RawRequest } from '../../support/raw-upstream.ts';
import { upstreamOptions } from '../../support/upstream-options.ts';

const caller: Caller = {
  proof: { kind: 'bk_token', value: 'alice' },
  tenantId: null,
  language: 'en',
  fingerprint: 'alice',
  account: 'alice',
};

/** A client with one connection to a bk-job that answers by this, and on which connections it was asked. */
async function clientOf(answer: (request: RawRequest, count: number, socket: Socket) => Buffer) {
  const upstream = await startRawUpstream();
  const sockets: Socket[] = [];
  upstream.play(['41', '42', '43'], (socket, request) => {
    sockets.push(socket);
    socket.write(answer(request, sockets.length, socket));
  });
  const client = createUpstream(upstreamOptions(new URL(upstream.url).origin), { observer: quietObserver });
  return {
    read: (jobInstanceId: string, hostDetail = false) =>
      client.fetchJobInstanceStatus(
        caller,
        { scope: { kind: 'biz', id: '2' }, jobInstanceId },
        { hostDetail },
      ),
    /** For each request the first one that came on the same connection. */
    connections: () => sockets.map((socket) => sockets.indexOf(socket)),
    [Symbol.asyncDispose]: async () => {
      await client.close();
      await upstream[Symbol.asyncDispose]();
    },
  };
}

/** So many hosts that they are taken from the bytes, after other work. */
function withManyHosts(body: string): string {
  const host = /\{"bk_host_id":101[^}]*\}/.exec(body)![0];
  return body.replace(host, Array.from({ length: 50 }, () => host).join());
}

describe('an answer of another job', () => {
  it('is refused once where nothing numbers answers, and shifts none after it', async () => {
    // On the first connection an answer came once too often: whoever asks gets that of who asked before.
    const before = new Map<Socket, Buffer>();
    await using client = await clientOf((request, count, socket) => {
      const right = answerOf(rightBody(request));
      const told = before.get(socket) ?? right;
      if (count === 1 || before.has(socket)) before.set(socket, right);
      return told;
    });
    expect(await client.read('41')).toMatchObject({ name: 'job 41' });
    expect(await failureOf(client.read('42'))).toMatchObject({ code: 'UPSTREAM_BAD_RESPONSE' });
    for (const job of ['43', '42', '41'])
      expect(await client.read(job)).toMatchObject({ name: `job ${job}` });
    expect(client.connections()).toEqual([0, 0, 2, 2, 2]);
  });

  it('ends its connection, however long it is', async () => {
    await using client = await clientOf((request, count) => {
      const body = withManyHosts(rightBody(request));
      return answerOf(count === 1 ? body.replaceAll('42', '43') : body);
    });
    expect(await failureOf(client.read('42', true))).toMatchObject({ code: 'UPSTREAM_BAD_RESPONSE' });
    expect((await client.read('42', true)).steps[0]?.ipResults).toHaveLength(50);
    expect(client.connections()).toEqual([0, 1]);
  });
});

it.each([
  ['no JSON ends its', answerOf('<html></html>'), 'UPSTREAM_BAD_RESPONSE', [0, 1]],
  ['half of a status ends its', answerOf('{"result":true,"data":{}}'), 'UPSTREAM_BAD_RESPONSE', [0, 1]],
  [
    'a refusal keeps its',
    answerOf('{"result":false,"code":9900403,"message":"denied"}'),
    'PERMISSION_DENIED',
    [0, 0],
  ],
  [
    'a page of a gateway that finds nobody keeps its',
    answerOf('<html></html>', 'HTTP/1.1 502 Bad Gateway'),
    'UPSTREAM_UNAVAILABLE',
    [0, 0],
  ],
])('an answer that is %s connection', async (_what, answer, code, connections) => {
  await using client = await clientOf((request, count) =>
    count === 1 ? answer : answerOf(rightBody(request)),
  );
  expect(await failureOf(client.read('42'))).toMatchObject({ code });
  expect(await client.read('42')).toMatchObject({ name: 'job 42' });
  expect(client.connections()).toEqual(connections);
});
