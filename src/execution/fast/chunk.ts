const encoder = new TextEncoder();

/** Bytes of a text that is JSON already. */
export function toBytes(json: string): Uint8Array {
  return encoder.encode(json);
}

/** Bytes that are written often, four by four. */
export interface Chunk {
  readonly words: Int32Array;
  /** How many there are: V8 takes longer to ask an array of bytes or words for its length than to read from it. */
  readonly count: number;
  /** How many bytes. */
  readonly length: number;
}

/** Makes bytes ready to be written often. */
export function toChunk(...parts: readonly Uint8Array[]): Chunk {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const words = new Int32Array(Math.ceil(length / 4));
  const bytes = Buffer.concat(parts, words.length * 4);
  for (let index = 0; index < words.length; index += 1) words[index] = bytes.readInt32LE(index * 4);
  return { words, count: words.length, length };
}

/** The same of a text of ASCII alone, for what is made again and again. */
export function toAsciiChunk(text: string): Chunk {
  const { length } = text;
  const words = new Int32Array(Math.ceil(length / 4));
  for (let at = 0; at < length; at += 1) {
    const word = at >> 2;
    words[word] = (words[word] ?? 0) | (text.charCodeAt(at) << ((at & 3) * 8));
  }
  return { words, count: words.length, length };
}
