import type { Socket } from 'node:net';

/** What a service has said on a WebSocket. */
export interface Said {
  /** Messages that are text, in order. */
  readonly messages: readonly string[];
  /** Code with which it has closed the socket; null where it has not. */
  readonly close: number | null;
}

/** What is odd about a frame. Left out, it is a whole text, as a client sends it. */
interface FrameOptions {
  readonly opcode?: number;
  readonly fin?: boolean;
  /** Reserved bits, where they stand in the first byte. */
  readonly reserved?: number;
  readonly masked?: boolean;
  /** Length that it tells; that of what it holds if left out. */
  readonly length?: bigint;
}

export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** The bytes of a frame (RFC 6455, 5.2). */
export function frame(payload: string | Buffer, options: FrameOptions = {}): Buffer {
  const { opcode = opcodes.text, fin = true, reserved = 0, masked = true } = options;
  const bytes = Buffer.from(payload);
  const length = options.length ?? BigInt(bytes.length);
  const mask = masked ? Buffer.from([1, 2, 3, 4]) : Buffer.alloc(0);
  const body = masked ? bytes.map((byte, at) => byte ^ (mask[at % 4] ?? 0)) : bytes;
  const first = (fin ? 0x80 : 0) | reserved | opcode;
  return Buffer.concat([Buffer.from([first]), lengthOf(length, masked), mask, body]);
}

function lengthOf(length: bigint, masked: boolean): Buffer {
  const bit = masked ? 0x80 : 0;
  if (length < 126n) return Buffer.from([bit | Number(length)]);
  const isShort = length < 0x1_0000n;
  const bytes = Buffer.alloc(isShort ? 3 : 9);
  bytes[0] = bit | (isShort ? 126 : 127);
  if (isShort) bytes.writeUInt16BE(Number(length), 1);
  else bytes.writeBigUInt64BE(length, 1);
  return bytes;
}

/** A frame that closes. */
export function closeFrame(code: number, reason: string | Buffer = ''): Buffer {
  return frame(Buffer.concat([Buffer.from([code >> 8, code & 0xff]), Buffer.from(reason)]), {
    opcode: opcodes.close,
  });
}

/** Frames of a service, as they came: they are whole messages and never masked. */
export function readFrames(bytes: Buffer): Said {
  const messages: string[] = [];
  let close: number | null = null;
  for (let at = 0; at + 2 <= bytes.length;) {
    const opcode = bytes.readUInt8(at) & 0x0f;
    const short = bytes.readUInt8(at + 1);
    const start = at + (short === 126 ? 4 : short === 127 ? 10 : 2);
    if (start > bytes.length) break;
    const length =
      short === 126
        ? bytes.readUInt16BE(at + 2)
        : short === 127
          ? Number(bytes.readBigUInt64BE(at + 2))
          : short;
    at = start + length;
    if (at > bytes.length) break;
    if (opcode === opcodes.text) messages.push(bytes.toString('utf8', start, at));
    else if (opcode === opcodes.close) close = length < 2 ? 1005 : bytes.readUInt16BE(start);
  }
  return { messages, close };
}

/** What is sent when the service has said something; at once where that is null. */
export type Turn = readonly [heard: string | null, send: Buffer | ((socket: Socket) => void)];

/** Takes turns on a WebSocket that is being opened, and agrees when the service closes it, unless told otherwise. */
export function converse(socket: Socket, turns: readonly Turn[], agrees = true): void {
  const left = [...turns];
  let heard: Buffer = Buffer.alloc(0);
  let hasAgreed = !agrees;
  const next = (): void => {
    for (const [awaited, send] of left) {
      const at = awaited === null ? 0 : heard.indexOf(awaited);
      if (at === -1) return;
      heard = heard.subarray(at + (awaited?.length ?? 0));
      left.shift();
      if (typeof send === 'function') send(socket);
      else socket.write(send);
    }
  };
  let all: Buffer = Buffer.alloc(0);
  socket.on('data', (data: Buffer) => {
    heard = Buffer.concat([heard, data]);
    all = Buffer.concat([all, data]);
    next();
    const head = all.indexOf('\r\n\r\n');
    if (hasAgreed || head === -1 || readFrames(all.subarray(head + 4)).close === null) return;
    hasAgreed = true;
    socket.write(closeFrame(1000));
  });
  next();
}
