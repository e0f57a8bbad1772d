import type { FastifyInstance } from 'fastify';
import { parse as parseExactly } from 'lossless-json';

/** Shorter runs of digits are held exactly by a double. */
const longRunOfDigits = /\d{16}/;

/**
 * Has ids that a client writes as JSON numbers arrive digit by digit: a whole number that a double would round becomes
 * text, which an `ID` takes as it is and an `Int` refuses. All other bodies are read by Fastify's own parser.
 */
export function readNumbersExactly(app: FastifyInstance): void {
  const readAsEver = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    // Fastify's parser first: what it refuses is refused in its own words. It answers by the callback alone.
    void readAsEver(request, String(body), (error, value) => {
      if (error !== null || !longRunOfDigits.test(String(body))) done(error, value);
      else readExactly(String(body), done);
    });
  });
}

function readExactly(body: string, done: (error: Error | null, value?: unknown) => void): void {
  try {
    const value = parseExactly(body, null, {
      parseNumber: (digits) => (isRounded(digits) ? digits : Number(digits)),
      onDuplicateKey: ({ newValue }) => newValue,
    });
    done(null, value);
  } catch {
    // It was JSON, so only its depth is too much for the exact reader; to go on with rounded ids would be worse.
    done(Object.assign(new Error('The body is nested too deep to be read exactly.'), { statusCode: 400 }));
  }
}

function isRounded(digits: string): boolean {
  return /^-?\d+$/.test(digits) && !Number.isSafeInteger(Number(digits));
}
