import { buildConnector } from 'undici';
import { afterEach, expect, it } from 'vitest';
import { JobApiError } from '../../../src/domain/errors.ts';
import { Connections } from '../../../src/upstream/connections.ts';
import type { Exchange } from '../../../src/upstream/exchange.ts';
import { createExchange } from '../../support/create-exchange.ts';
import { startRawUpstream, type RawUpstream } from '../../support/raw-upstream.ts';

const upstreams: RawUpstream[] = [];
afterEach(async () => {
  for (const upstream of upstreams.splice(0)) await upstream[Symbol.asyncDispose]();
});

/** Fails so many times as Node does where a certificate is for another name, and connects from then on. */
function connectorThatFails(times: number): buildConnector.connector {
  const connect = buildConnector({});
  let left = times;
  return (options, callback) => {
    left -= 1;
    if (left < 0) connect(options, callback);
    else {
      const error = Object.assign(new Error('planted'), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
      queueMicrotask(() => {
        callback(error, null);
      });
    }
  };
}

/** One connection at a time to a bk-job, and what asks on it. */
async function openConnections(connect: buildConnector.connector) {
  const upstream = await startRawUpstream();
  upstreams.push(upstream);
  const connections = new Connections(new URL(upstream.url).origin, 1, { connect });
  const begin = (told: (outcome: string) => void): Exchange => {
    const exchange = createExchange({
      answered: ({ status }) => {
        told(String(status));
      },
      failed: ({ code }) => {
        told(code);
      },
    });
    const path = '/prod/api/v3/get_job_instance_status?job_instance_id=1&return_ip_result=false';
    connections.dispatch({ method: 'GET', path }, exchange);
    return exchange;
  };
  const ask = (): Promise<string> => new Promise(begin);
  return { connections, begin, ask };
}

it('whose certificate was for another name are made anew', async () => {
  const { connections, ask } = await openConnections(connectorThatFails(3));
  const answers: string[] = [];
  for (let time = 0; time < 5; time++) answers.push(await ask());
  expect(answers).toEqual([...Array<string>(3).fill('UPSTREAM_UNAVAILABLE'), '200', '200']);
  await expect.poll(() => connections.stats()).toEqual({ connected: 1, free: 1, pending: 0, running: 0 });
  await connections.close();
});

it('that come when those who asked have left are there for who asks next', async () => {
  const connect = buildConnector({});
  const made: (() => void)[] = [];
  const { connections, begin, ask } = await openConnections((options, callback) => {
    made.push(() => {
      connect(options, callback);
    });
  });
  const told: string[] = [];
  begin((outcome) => told.push(outcome)).giveUp(new JobApiError('UPSTREAM_TIMEOUT'));
  const next = ask();
  made[0]?.();
  expect(await next).toBe('200');
  expect(told).toEqual(['UPSTREAM_TIMEOUT']);
  expect(made).toHaveLength(1);
  await connections.close();
});
