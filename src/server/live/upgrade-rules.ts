import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { JobApiError } from '../../domain/errors.ts';
import { toRawAnswer } from '../raw-answer.ts';
import { nothingServed, Refusal } from '../refusals.ts';
import { refusalOfHeaders } from '../request-rules.ts';
import { refusalOfUrl } from '../url-credentials.ts';

/** Who may open a socket. */
export interface UpgradeRules {
  /** Path of the endpoint. */
  readonly path: string;
  /** Origins of pages that may open one. A page of this service itself may. */
  readonly allowedOrigins: readonly string[];
  readonly maxRequestHeaders: number;
  /** Whether no more are taken. */
  readonly isClosing: () => boolean;
}

/** The one protocol that is spoken: GraphQL over WebSocket. */
export const subprotocol = 'graphql-transport-ws';

/** The one version of the protocol beneath it (RFC 6455, 4.2.2). */
const version = '13';

/** Why a socket is not opened, by the head of its request alone; null where it is. */
export function refusalOfUpgrade(request: IncomingMessage, rules: UpgradeRules): Refusal | null {
  const { url = '/', headers, rawHeaders, method } = request;
  const refusal = refusalOfHeaders(request, rules.maxRequestHeaders);
  if (refusal !== null) return refusal;
  if (url.split('?', 1)[0] !== rules.path) return nothingServed();
  const credential = refusalOfUrl(url);
  if (credential !== null) return credential;
  if (method !== 'GET') return new Refusal(405, 'A WebSocket is opened by GET.', { allow: 'GET' });
  // Older ones tell the origin of a page elsewhere.
  if (headers['sec-websocket-version'] !== version) {
    const text = `The version of the WebSocket protocol must be ${version}.`;
    return new Refusal(426, text, { upgrade: 'websocket', 'sec-websocket-version': version });
  }
  if (!maySpeak(headers.origin, headers.host, rules.allowedOrigins) || countOf(rawHeaders, 'origin') > 1) {
    return new Refusal(403, 'Pages of this origin may not connect.');
  }
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  if (!offered.includes(subprotocol)) return new Refusal(400, `The subprotocol must be ${subprotocol}.`);
  return rules.isClosing() ? new Refusal(503, ending) : null;
}

const ending = new JobApiError('UPSTREAM_UNAVAILABLE', 'The service is ending; connect elsewhere.');

/** Browsers tell the origin of a page, and nobody else has to: a page elsewhere must not use its reader's sign-in. */
function maySpeak(origin: string | undefined, host: string | undefined, allowed: readonly string[]): boolean {
  if (origin === undefined || allowed.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}

function countOf(rawHeaders: readonly string[], name: string): number {
  return rawHeaders.filter((header, at) => at % 2 === 0 && header.toLowerCase() === name).length;
}

/** Answers a request that opens no socket, and ends its connection. */
export function refuseUpgrade(socket: Duplex, refusal: Refusal): void {
  socket.on('error', () => socket.destroy());
  // Who does not close its side, too, would be waited for.
  socket.end(toRawAnswer(refusal), () => socket.destroy());
}
