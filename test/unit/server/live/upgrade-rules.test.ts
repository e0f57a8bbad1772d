import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { expect, it } from 'vitest';
import { refusalOfUpgrade } from '../../../../src/server/live/upgrade-rules.ts';

function upgrade(): IncomingMessage {
  const request = new IncomingMessage(new Socket());
  const headers = {
    host: 'service',
    'sec-websocket-version': '13',
    'sec-websocket-protocol': 'graphql-transport-ws',
  };
  return Object.assign(request, {
    method: 'GET',
    url: '/ws',
    headers,
    rawHeaders: Object.entries(headers).flat(),
  });
}

it('a WebSocket that is opened while the service ends is refused so that its client asks again', () => {
  const rules = { path: '/ws', allowedOrigins: [], maxRequestHeaders: 100 };
  expect(refusalOfUpgrade(upgrade(), { ...rules, isClosing: () => false })).toBeNull();
  expect(refusalOfUpgrade(upgrade(), { ...rules, isClosing: () => true })).toMatchObject({
    statusCode: 503,
    error: { code: 'UPSTREAM_UNAVAILABLE', retryable: true },
  });
});
