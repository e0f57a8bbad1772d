import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import { scanJson, type JsonScan } from './json-scan.ts';
import { Refusal } from './refusals.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Bytes of the body as it came; 0 where none was read. */
    bodyBytes: number;
  }
}

const most = {
  /** Deeper than variables of any client are, and far from where a reader runs out of stack. */
  depth: 100,
  /** Each costs hundreds of bytes and some time, however few bytes it has in the text; 50,000 hosts by name fit. */
  values: 60_000,
  /**
   * Each that is new is kept apart by the engine: most of what the dearest bodies take. The 1,000 references that entities
   * may have, with twenty each, fit.
   */
  names: 20_000,
  /** Those that are to arrive digit by digit become text: 45,000 of them, all that fit, took 71 ms on a slow machine. */
  roundedNumbers: 20_000,
};

/**
 * Has ids that a client writes as JSON numbers arrive digit by digit: a number that a double would round becomes text,
 * which an `ID` takes as it is and an `Int` refuses; with a point or an exponent it is no id of anything. Refuses what would hold the event loop or be misread: too
 * deep, too many values, no UTF-8. All else is read and refused by Fastify's own parser.
 */
export function readNumbersExactly(app: FastifyInstance): void {
  const readAsEver = app.getDefaultJsonParser('error', 'error');
  app.decorateRequest('bodyBytes', 0);
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body);
    request.bodyBytes = bytes.length;
    const text = isUtf8(bytes) ? toExactJson(bytes) : new Refusal(400, 'The body is no UTF-8.');
    if (text instanceof Refusal) done(text);
    // Fastify's parser answers by the callback alone.
    else void readAsEver(request, text, done);
  });
}

/** A JSON text in which no number is rounded when it is read, or why it is not to be read at all. */
export function toExactJson(bytes: Buffer, place = 'The body'): string | Refusal {
  const scan = scanJson(bytes, most);
  const tooMuch = tooMuchOf(scan);
  return tooMuch === null
    ? quoteParts(bytes, scan.roundedNumbers).toString()
    : new Refusal(400, `${place} ${tooMuch}`);
}

function tooMuchOf({ depth, values, names, roundedNumbers }: JsonScan): string | null {
  if (depth > most.depth) return `is nested more than ${String(most.depth)} deep.`;
  if (values > most.values) return `holds more than ${String(most.values)} values.`;
  if (names > most.names) return `holds more than ${String(most.names)} names.`;
  if (roundedNumbers.length <= most.roundedNumbers) return null;
  return `holds more than ${String(most.roundedNumbers)} numbers of 16 digits or more.`;
}

/** Byte by byte: there may be tens of thousands of parts, and to copy one takes as long as a hundred bytes. */
function quoteParts(bytes: Buffer, parts: JsonScan['roundedNumbers']): Buffer {
  if (parts.length === 0) return bytes;
  const quoted = Buffer.allocUnsafe(bytes.length + 2 * parts.length);
  let from = 0;
  let to = 0;
  const copyUntil = (end: number): void => {
    while (from < end) quoted[to++] = bytes[from++] ?? 0;
  };
  for (const [start, end] of parts) {
    copyUntil(start);
    quoted[to++] = quote;
    copyUntil(end);
    quoted[to++] = quote;
  }
  copyUntil(bytes.length);
  return quoted;
}

const quote = 0x22;
