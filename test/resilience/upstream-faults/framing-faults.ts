import { answerOf, rightBody, type RawRequest } from '../../support/raw-upstream.ts';
import { flood, planted, type UpstreamFault } from './fault.ts';

const unavailable = 'UPSTREAM_UNAVAILABLE';
const unreadable = 'UPSTREAM_BAD_RESPONSE';

/** Bytes that are sent in place of an answer; the connection then stays as it is. */
const sending = (
  name: string,
  code: UpstreamFault['code'],
  bytesOf: (request: RawRequest) => string | Buffer,
): UpstreamFault => ({
  name,
  code,
  does: { kind: 'answer', play: (socket, request) => socket.write(bytesOf(request)) },
});

const withHeaders =
  (...headers: readonly string[]) =>
  (request: RawRequest) =>
    answerOf(rightBody(request), undefined, headers);

const withStatusLine = (line: string) => (request: RawRequest) => answerOf(rightBody(request), line);

/** Bodies that are not as long as they are said to be. */
const lengths: readonly UpstreamFault[] = [
  sending('announces fewer bytes than it sends', unreadable, withHeaders('Content-Length: 20')),
  sending('announces nothing and sends something', unreadable, withHeaders('Content-Length: 0')),
  sending('announces more than may be read', unreadable, withHeaders('Content-Length: 1073741824')),
  sending(
    'announces more than can be counted',
    unavailable,
    withHeaders(`Content-Length: ${'9'.repeat(30)}`),
  ),
  sending('announces less than nothing', unavailable, withHeaders('Content-Length: -1')),
  sending('announces what is no number', unavailable, withHeaders(`Content-Length: ${planted}`)),
  sending('announces two lengths', unavailable, withHeaders('Content-Length: 20', 'Content-Length: 30')),
  sending(
    'announces a length and chunks',
    unavailable,
    withHeaders('Content-Length: 20', 'Transfer-Encoding: chunked'),
  ),
  // Such a body ends with the connection, which does not end.
  sending(
    'is framed as nobody knows',
    'UPSTREAM_TIMEOUT',
    withHeaders('Transfer-Encoding: chunked, unknown'),
  ),
  {
    name: 'sends more than may be read, and never says how much',
    code: unreadable,
    does: {
      kind: 'answer',
      play: (socket) => {
        socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
        flood(socket, Buffer.from(`1000\r\n${' '.repeat(4096)}\r\n`));
      },
    },
  },
];

const chunked = (text: string) =>
  Buffer.from(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${text}`, 'latin1');

const inChunks = (body: string): string =>
  (body.match(/.{1,100}/gs) ?? []).map((part) => `${part.length.toString(16)}\r\n${part}\r\n`).join('');

/** Chunks that are none. */
const chunks: readonly UpstreamFault[] = [
  sending('sends chunks as they should be', null, (request) =>
    chunked(`${inChunks(rightBody(request))}0\r\n\r\n`),
  ),
  sending('sends a trailer after its chunks', null, (request) =>
    chunked(`${inChunks(rightBody(request))}0\r\nX-Checksum: ${planted}\r\n\r\n`),
  ),
  sending('sends chunks with extensions', null, (request) => {
    const body = rightBody(request);
    return chunked(`${body.length.toString(16)};name=value\r\n${body}\r\n0\r\n\r\n`);
  }),
  sending('sends a chunk of no size', unavailable, () => chunked('xyz\r\n{}\r\n0\r\n\r\n')),
  sending('sends a chunk of a size below zero', unavailable, () => chunked('-2\r\n{}\r\n0\r\n\r\n')),
  sending('sends a chunk of a size beyond counting', unavailable, () =>
    chunked(`${'f'.repeat(20)}\r\n{}\r\n`),
  ),
  sending('sends a chunk longer than it said', unavailable, () => chunked('2\r\n{}{}{}\r\n0\r\n\r\n')),
  sending('sends trailers beyond measure', unavailable, (request) =>
    chunked(`${inChunks(rightBody(request))}0\r\n${`X-More: ${'y'.repeat(1000)}\r\n`.repeat(40)}\r\n`),
  ),
];

/** Heads that are none. */
const heads: readonly UpstreamFault[] = [
  sending('speaks another protocol', unavailable, () => `SSH-2.0-${planted}\r\n`),
  sending('speaks TLS', unavailable, () => Buffer.from([0x15, 3, 3, 0, 2, 2, 40])),
  sending('speaks HTTP/2', unavailable, () => Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0])),
  sending('sends bytes of all kinds', unavailable, () =>
    Buffer.from(Array.from({ length: 512 }, (_, i) => i % 256)),
  ),
  sending('sends a body without a head', unavailable, rightBody),
  sending('sends a page without a head', unavailable, () => `<html><body>${planted}</body></html>`),
  sending('has a version that there is not', unavailable, withStatusLine('HTTP/9.9 200 OK')),
  sending('has a version that is none', unavailable, withStatusLine('HTTP/1.x 200 OK')),
  sending('has a status of four digits', unavailable, withStatusLine('HTTP/1.1 2000 OK')),
  sending('has a status that is no number', unavailable, withStatusLine('HTTP/1.1 OK 200')),
  sending('has a status and no word for it', null, withStatusLine('HTTP/1.1 200')),
  sending('has a header without a colon', unavailable, withHeaders('Nonsense')),
  sending('has a header with a blank in its name', unavailable, withHeaders('X Y: z')),
  sending('has a header with a NUL', unavailable, withHeaders('X-Y: a\0b')),
  sending('has a header that goes on in the next line', unavailable, withHeaders('X-Y: a\r\n b')),
  sending('has a header larger than any', unavailable, withHeaders(`X-Y: ${'z'.repeat(100_000)}`)),
  sending('has more headers than any', unavailable, withHeaders(...Array<string>(5000).fill('X-Y: z'))),
  sending('ends its lines half', unavailable, (request) =>
    Buffer.from(
      `HTTP/1.1 200 OK\nContent-Length: ${String(rightBody(request).length)}\n\n${rightBody(request)}`,
    ),
  ),
];

/** Faults of how answers are framed. */
export const framingFaults: readonly UpstreamFault[] = [...lengths, ...chunks, ...heads];
