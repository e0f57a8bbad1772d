import { toBytes, toChunk, type Chunk } from './chunk.ts';

/** What stands before a value and the value, from a code; NaN is null. */
export type BytesOfCode = (code: number) => Uint8Array;

const nullBytes = toBytes('null');

/** Those of one field, by what its value is as JSON. */
export function bytesOfCode(prefix: Uint8Array, jsonOf: (code: number) => string): BytesOfCode {
  return (code) => Buffer.concat([prefix, Number.isNaN(code) ? nullBytes : toBytes(jsonOf(code))]);
}

/** There are some forty codes, but bk-job may send any number. */
const maxKnownCodes = 256;

/** Words of codes, each made to bytes once with its key before it. Hosts one after another often say the same. */
export class CodeWords {
  private readonly bytesOf: BytesOfCode;
  private readonly known = new Map<number, Chunk>();
  private lastCode: number | null = null;
  private lastChunk = toChunk();

  constructor(bytesOf: BytesOfCode) {
    this.bytesOf = bytesOf;
  }

  chunkOf(code: number): Chunk {
    if (code === this.lastCode) return this.lastChunk;
    this.lastChunk = this.known.get(code) ?? this.learn(code);
    this.lastCode = code;
    return this.lastChunk;
  }

  private learn(code: number): Chunk {
    const chunk = toChunk(this.bytesOf(code));
    if (this.known.size < maxKnownCodes) this.known.set(code, chunk);
    return chunk;
  }
}

export const noWords = new CodeWords(() => new Uint8Array(0));
