import { answerOf, rightAnswer, rightBody, type RawPlay } from '../../support/raw-upstream.ts';
import { drip, flood, planted, type UpstreamFault } from './fault.ts';

const unavailable = 'UPSTREAM_UNAVAILABLE';
const timeout = 'UPSTREAM_TIMEOUT';

const playing = (name: string, code: UpstreamFault['code'], play: RawPlay): UpstreamFault => ({
  name,
  code,
  does: { kind: 'answer', play },
});

/** Where an answer is cut: how many of its bytes are sent before. */
const cuts: Readonly<Record<string, (answer: Buffer) => number>> = {
  'before its first byte': () => 0,
  'after its first byte': () => 1,
  'in its first line': () => 12,
  'in its headers': () => 40,
  'between head and body': (answer) => answer.indexOf('\r\n\r\n') + 4,
  'in the middle of its body': (answer) => (answer.indexOf('\r\n\r\n') + 4 + answer.length) >> 1,
  'before its last byte': (answer) => answer.length - 1,
};

/** Connections that end before the answer does. */
function cutConnections(): readonly UpstreamFault[] {
  return Object.entries(cuts).flatMap(([where, bytesOf]) => {
    const sent = (answer: Buffer): Buffer => answer.subarray(0, bytesOf(answer));
    return [
      playing(`resets the connection ${where}`, unavailable, (socket, request) => {
        socket.write(sent(rightAnswer(request)), () => socket.resetAndDestroy());
      }),
      playing(`ends the connection ${where}`, unavailable, (socket, request) => {
        socket.end(sent(rightAnswer(request)));
      }),
      playing(`falls silent ${where}`, timeout, (socket, request) => {
        socket.write(sent(rightAnswer(request)));
      }),
    ];
  });
}

/** Answers that come, but not in any time that somebody would wait. */
const slow: readonly UpstreamFault[] = [
  playing('sends one byte at a time', timeout, (socket, request) => {
    drip(socket, rightAnswer(request));
  }),
  playing('sends the body one byte at a time', timeout, (socket, request) => {
    const answer = rightAnswer(request);
    const end = answer.indexOf('\r\n\r\n') + 4;
    socket.write(answer.subarray(0, end));
    drip(socket, answer.subarray(end));
  }),
  playing('sends headers without end, one by one', timeout, (socket) => {
    socket.write('HTTP/1.1 200 OK\r\n');
    drip(socket, Buffer.from('X-More: y\r\n'.repeat(1000)), 11);
  }),
  playing('sends a chunk of one byte at a time, without end', timeout, (socket) => {
    socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
    drip(socket, Buffer.from('1\r\n \r\n'.repeat(1000)), 6);
  }),
  playing('sends the size of a chunk and no chunk', timeout, (socket) => {
    socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n400\r\n');
  }),
  playing('does not end the last chunk', timeout, (socket, request) => {
    const body = rightBody(request);
    socket.write(
      answerOf(`${body.length.toString(16)}\r\n${body}\r\n0\r\n`, undefined, ['Transfer-Encoding: chunked']),
    );
  }),
  playing('says that it is working on it, and falls silent', timeout, (socket) => {
    socket.write('HTTP/1.1 102 Processing\r\n\r\n');
  }),
];

/** What is done with a connection before anything was asked on it. */
const accepts: readonly UpstreamFault[] = [
  {
    name: 'ends every connection at once',
    code: unavailable,
    does: { kind: 'accept', play: (socket) => socket.end() },
  },
  {
    name: 'resets every connection at once',
    code: unavailable,
    does: { kind: 'accept', play: (socket) => socket.resetAndDestroy() },
  },
  {
    name: 'speaks before it is asked',
    code: unavailable,
    does: { kind: 'accept', play: (socket) => socket.end(`SSH-2.0-${planted}\r\n`) },
  },
  {
    name: 'never reads what it is asked',
    code: timeout,
    does: { kind: 'accept', play: (socket) => socket.pause() },
  },
];

/** Connections that are used again, or should not be. */
const reuse: readonly UpstreamFault[] = [
  playing('ends the connection after each answer, without a word', null, (socket, request) => {
    socket.end(rightAnswer(request));
  }),
  playing('resets the connection after each answer', null, (socket, request) => {
    socket.write(rightAnswer(request), () => setImmediate(() => socket.resetAndDestroy()));
  }),
  playing('says that it closes, and does not', null, (socket, request) => {
    socket.write(answerOf(rightBody(request), undefined, ['Connection: close']));
  }),
  playing('keeps the connection for no time at all', null, (socket, request) => {
    socket.write(answerOf(rightBody(request), undefined, ['Keep-Alive: timeout=0']));
  }),
  playing('answers twice', null, (socket, request) => {
    socket.write(Buffer.concat([rightAnswer(request), rightAnswer(request)]));
  }),
  playing('answers what nobody has asked, after what was asked', null, (socket, request) => {
    const other = rightAnswer({ ...request, jobInstanceId: '1' });
    socket.write(rightAnswer(request), () => setImmediate(() => socket.write(other)));
  }),
  playing('ends the answer with the connection and tells no length', null, (socket, request) => {
    socket.end(`HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n${rightBody(request)}`);
  }),
  playing('answers in the HTTP of 1996', null, (socket, request) => {
    socket.end(`HTTP/1.0 200 OK\r\n\r\n${rightBody(request)}`);
  }),
];

/** Answers before the one that counts. */
const informational: readonly UpstreamFault[] = [
  playing('gives early hints once', null, (socket, request) => {
    socket.write('HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n');
    socket.write(rightAnswer(request));
  }),
  playing('says 102 without end', 'UPSTREAM_BAD_RESPONSE', (socket) => {
    flood(socket, Buffer.from('HTTP/1.1 102 Processing\r\n\r\n'.repeat(100)));
  }),
  playing('says 100 without having been asked to', unavailable, (socket) => {
    flood(socket, Buffer.from('HTTP/1.1 100 Continue\r\n\r\n'.repeat(100)));
  }),
  playing('switches to another protocol', unavailable, (socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
  }),
];

/** Faults of connections and of time. */
export const connectionFaults: readonly UpstreamFault[] = [
  ...cutConnections(),
  ...slow,
  ...accepts,
  ...reuse,
  ...informational,
];
