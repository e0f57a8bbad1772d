import { createServer, type AddressInfo, type Socket } from 'node:net';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Cancellation } from '../../../src/upstream/cancellation.ts';
import { createTransport } from '../../../src/upstream/transport.ts';
import { sendRequest } from '../../support/send-request.ts';

interface Answer {
  readonly size: number;
  /** Bytes of a chunk; null where the length is told beforehand. */
  readonly chunk: number | null;
  /** Bytes of the head that are sent at a time. */
  readonly headPiece: number;
  /** Bytes behind the head that are sent at a time. */
  readonly bodyPiece: number;
}

const answer = fc.record<Answer>({
  size: fc.oneof(fc.nat(5_000), fc.integer({ min: 8_000, max: 65_000 }), fc.nat(300_000)),
  chunk: fc.option(fc.integer({ min: 1_000, max: 70_000 })),
  headPiece: fc.integer({ min: 5, max: 200 }),
  bodyPiece: fc.oneof(fc.integer({ min: 500, max: 5_000 }), fc.integer({ min: 5_000, max: 200_000 })),
});

/** Bytes that differ from those of every other answer at every place. */
function bodyOf(number: number, size: number): Buffer {
  const words = new Uint32Array(Math.ceil(size / 4));
  for (let index = 0; index < words.length; index += 1) words[index] = (index * 64 + number) * 2654435761;
  return Buffer.from(words.buffer, 0, size);
}

function head(number: number, { size, chunk }: Answer): Buffer {
  const framing = chunk === null ? `Content-Length: ${String(size)}` : 'Transfer-Encoding: chunked';
  return Buffer.from(`HTTP/1.1 200 OK\r\nX-Request-Id: number-${String(number)}\r\n${framing}\r\n\r\n`);
}

function framed(body: Buffer, chunk: number | null): Buffer {
  if (chunk === null) return body;
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length; at += chunk) {
    const part = body.subarray(at, at + chunk);
    parts.push(Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n'));
  }
  return Buffer.concat([...parts, Buffer.from('0\r\nX-Trailer: behind it\r\n\r\n')]);
}

async function sendInPieces(socket: Socket, bytes: Buffer, size: number): Promise<void> {
  for (let at = 0; at < bytes.length; at += size) {
    await new Promise((resolve) => socket.write(bytes.subarray(at, at + size), resolve));
  }
}

it('whole answers arrive byte for byte on connections that are used again, however they come', async () => {
  let answers: readonly Answer[] = [];
  const sockets = new Set<Socket>();
  await using server = createServer((socket) => {
    sockets.add(socket.setNoDelay().on('error', () => socket.destroy()));
    socket.on('data', (asked) => {
      const number = Number(/^GET \/(\d+)/.exec(asked.toString())?.[1]);
      const given = answers[number]!;
      const body = framed(bodyOf(number, given.size), given.chunk);
      void sendInPieces(socket, head(number, given), given.headPiece).then(() =>
        sendInPieces(socket, body, given.bodyPiece),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const transport = createTransport({
    origin: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    connections: 3,
    connectMs: 10_000,
    maxResponseBytes: 1_000_000,
    maxInflightResponseBytes: 10_000_000,
  });
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(answer, { minLength: 1, maxLength: 8 }), async (given) => {
        answers = given;
        const arrived = await Promise.all(
          given.map(async ({ size }, number) => {
            const request = { method: 'GET', path: `/${String(number)}`, headers: {}, body: null } as const;
            const { body, headers, release } = await sendRequest(transport, request, {
              timeoutMs: 60_000,
              cancellation: new Cancellation(),
            });
            // Others are being read meanwhile.
            await new Promise((resolve) => setImmediate(resolve));
            const isRight = Buffer.from(body).equals(bodyOf(number, size));
            release?.();
            return { isRight, id: headers['x-request-id'] };
          }),
        );
        expect(arrived).toEqual(
          given.map((_one, number) => ({ isRight: true, id: `number-${String(number)}` })),
        );
      }),
      { numRuns: 60 },
    );
  } finally {
    await transport.close();
    for (const socket of sockets) socket.destroy();
  }
});
