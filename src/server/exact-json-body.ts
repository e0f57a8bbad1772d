import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import { scanJson } from './json-scan.ts';
import { Refusal } from './refusals.ts';

/** Deeper than variables of any client are, and far from where a reader runs out of stack. */
const maxDepth = 100;

/** Each costs hundreds of bytes and some time, however few bytes it has in the text; 50,000 hosts by name fit. */
const maxValues = 100_000;

/**
 * Has ids that a client writes as JSON numbers arrive digit by digit: a whole number that a double would round becomes
 * text, which an `ID` takes as it is and an `Int` refuses. Refuses what would hold the event loop or be misread: too
 * deep, too many values, no UTF-8. All else is read and refused by Fastify's own parser.
 */
export function readNumbersExactly(app: FastifyInstance): void {
  const readAsEver = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body);
    if (!isUtf8(bytes)) {
      done(new Refusal(400, 'The body is no UTF-8.'));
      return;
    }
    const { depth, values, roundedNumbers } = scanJson(bytes);
    if (depth > maxDepth || values > maxValues) {
      done(new Refusal(400, depth > maxDepth ? tooDeep : tooMany));
      return;
    }
    // Fastify's parser answers by the callback alone. It sees the text as it came first: numbers in quotes could make
    // JSON of what is none.
    void readAsEver(request, bytes.toString(), (error, value) => {
      if (error !== null || roundedNumbers.length === 0) done(error, value);
      else void readAsEver(request, quoteParts(bytes, roundedNumbers), done);
    });
  });
}

const tooDeep = `The body is nested more than ${String(maxDepth)} deep.`;
const tooMany = `The body holds more than ${String(maxValues)} values.`;

function quoteParts(bytes: Buffer, parts: readonly (readonly [number, number])[]): string {
  let text = '';
  let at = 0;
  for (const [start, end] of parts) {
    text += `${bytes.toString('utf8', at, start)}"${bytes.toString('latin1', start, end)}"`;
    at = end;
  }
  return text + bytes.toString('utf8', at);
}
