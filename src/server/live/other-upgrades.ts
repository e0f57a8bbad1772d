import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';

/** A request as Node hands it over, and the server that it came to. */
export interface OtherUpgrade {
  readonly server: Server;
  readonly request: IncomingMessage;
  readonly stream: Duplex;
  /** What of the body came with the head. */
  readonly head: Buffer;
}

/** Headers that ask for another protocol: for HTTP/2 in the clear, as clients of Java do with their first request. */
const asking: ReadonlySet<string> = new Set(['upgrade', 'http2-settings']);

/**
 * Has a request that asks for another protocol than WebSocket answered as the HTTP request that it is, which is what
 * servers do that do not speak the other one (RFC 9110, 7.8). Node hands every such request to whoever listens for
 * upgrades, its body unread; so it is put before the server again, without the question.
 */
export function answerAsHttp({ server, request, stream, head }: OtherUpgrade): void {
  const { method = 'GET', url = '/', httpVersion, rawHeaders } = request;
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    const value = rawHeaders[at + 1] ?? '';
    if (name.toLowerCase() === 'connection') lines.push(...connectionWithoutUpgrade(value));
    else if (!asking.has(name.toLowerCase())) lines.push(`${name}: ${value}`);
  }
  stream.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  server.emit('connection', stream);
}

/** What else stands in the header, `close` for one; nothing where nothing does. */
function connectionWithoutUpgrade(value: string): readonly string[] {
  const others = value.split(',').filter((option) => !asking.has(option.trim().toLowerCase()));
  return others.length === 0 ? [] : [`connection: ${others.join(',')}`];
}
