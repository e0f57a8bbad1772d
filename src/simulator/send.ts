import type { ServerResponse } from 'node:http';
import type { Delivery, Pace } from './delivery.ts';

/** Sends an answer at its pace. Timers end with the connection. */
export function send(response: ServerResponse, delivery: Delivery): void {
  const { status, pace } = delivery;
  if (status === null) {
    if (pace.kind === 'reset') response.socket?.resetAndDestroy();
    return;
  }
  const body = Buffer.from(delivery.body, 'utf8');
  switch (pace.kind) {
    case 'delayed':
      later(response, pace.ms, () => sendWhole(response, delivery, body));
      return;
    case 'cut':
      sendHalf(response, delivery, { body, chunked: pace.chunked });
      return;
    case 'padded':
      sendPadded(response, delivery, { body, bytes: pace.bytes });
      return;
    case 'dripping':
      drip(response, delivery, { body, pace });
      return;
    default:
      sendWhole(response, delivery, body);
  }
}

function sendHead(response: ServerResponse, { status, headers }: Delivery, length: number | null): void {
  const own = Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'content-length');
  for (const [name, value] of own) response.setHeader(name, value);
  if (length !== null) response.setHeader('Content-Length', length);
  response.writeHead(status ?? 500);
}

function sendWhole(response: ServerResponse, delivery: Delivery, body: Buffer): void {
  sendHead(response, delivery, body.length);
  response.end(body);
}

/** The connection is cut when the half has been handed to the network, so that the client does get it. */
function sendHalf(
  response: ServerResponse,
  delivery: Delivery,
  { body, chunked }: { readonly body: Buffer; readonly chunked: boolean },
): void {
  sendHead(response, delivery, chunked ? null : body.length);
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.socket?.destroy());
}

const blanks = Buffer.alloc(64 * 1024, ' ');

function sendPadded(
  response: ServerResponse,
  delivery: Delivery,
  { body, bytes }: { readonly body: Buffer; readonly bytes: number },
): void {
  let left = Math.max(0, bytes - body.length);
  sendHead(response, delivery, body.length + left);
  response.write(body);
  const pour = () => {
    while (left > 0) {
      const piece = blanks.subarray(0, Math.min(left, blanks.length));
      left -= piece.length;
      if (!response.write(piece)) {
        response.once('drain', pour);
        return;
      }
    }
    response.end();
  };
  pour();
}

function drip(
  response: ServerResponse,
  delivery: Delivery,
  { body, pace }: { readonly body: Buffer; readonly pace: Pace & { readonly kind: 'dripping' } },
): void {
  sendHead(response, delivery, body.length);
  let sent = 0;
  const next = () => {
    response.write(body.subarray(sent, sent + pace.bytesPerTick));
    sent += pace.bytesPerTick;
    if (sent >= body.length) response.end();
    else later(response, pace.tickMs, next);
  };
  next();
}

function later(response: ServerResponse, ms: number, act: () => void): void {
  const stop = () => {
    clearTimeout(timer);
  };
  const timer = setTimeout(() => {
    response.off('close', stop);
    act();
  }, ms);
  response.once('close', stop);
}
