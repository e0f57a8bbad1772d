import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { createGunzip, gzip } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** A page that `npm run build` has written, and what it is served with. */
export interface BuiltPageOptions {
  /** Path of the page. */
  readonly path: string;
  /** Name of the file in `dist`. */
  readonly file: string;
  /** What the page reads from the place that is left for it. */
  readonly options: Readonly<Record<string, unknown>>;
  /** What the page may do beside running the script that stands in it and asking this service. */
  readonly policy: (page: string) => readonly string[];
}

interface Page {
  /** Kept compressed: the plain text can have 9 MB, and hardly a client asks for it. */
  readonly compressed: Buffer;
  readonly etag: string;
  readonly contentSecurityPolicy: string;
}

// The way to it is the same from src/server and from dist/server.
const built = new URL('../../dist/', import.meta.url);

/**
 * Serves a page that loads nothing from anywhere else and may talk to this service only.
 * It is read and compressed on the first visit, so that a service nobody visits pays nothing for it.
 */
export function registerBuiltPage(app: FastifyInstance, options: BuiltPageOptions): void {
  let page: Promise<Page> | undefined;
  app.get(options.path, async (request, reply) => {
    page ??= loadPage(options);
    try {
      return await sendPage(request, reply, await page);
    } catch (error) {
      page = undefined;
      if (!isMissingFile(error)) throw error;
      return reply
        .code(503)
        .type('text/plain')
        .send('This page is made by "npm run build", which has not run here.\n');
    }
  });
}

/** The source of a policy that allows the one element of this kind that stands in a page, by its hash. */
export function hashSource(page: string, opening: string, closing: string): string {
  const start = page.indexOf(opening) + opening.length;
  return `'sha256-${hash(page.slice(start, page.indexOf(closing, start)), 'base64')}'`;
}

async function loadPage({ file, options, policy }: BuiltPageOptions): Promise<Page> {
  const template = await readFile(new URL(file, built), 'utf8');
  const text = template.replace('/* options */', () => toInlineJson(options));
  return {
    compressed: await promisify(gzip)(text),
    etag: `W/"${hash(text, 'base64url')}"`,
    contentSecurityPolicy: [
      "default-src 'none'",
      ...policy(text),
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
  };
}

/** JSON that cannot end the element that it stands in. */
function toInlineJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

function hash(text: string, encoding: 'base64' | 'base64url'): string {
  return createHash('sha256').update(text).digest(encoding);
}

function sendPage(request: FastifyRequest, reply: FastifyReply, page: Page): FastifyReply {
  reply.headers({
    'cache-control': 'private, no-cache',
    'content-security-policy': page.contentSecurityPolicy,
    'content-type': 'text/html; charset=utf-8',
    etag: page.etag,
    'referrer-policy': 'no-referrer',
    vary: 'Accept-Encoding, Origin',
    'x-content-type-options': 'nosniff',
  });
  if (request.headers['if-none-match'] === page.etag) return reply.code(304).send();
  if (acceptsGzip(request)) return reply.header('content-encoding', 'gzip').send(page.compressed);
  return reply.send(Readable.from([page.compressed]).pipe(createGunzip()));
}

function acceptsGzip(request: FastifyRequest): boolean {
  return /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i.test(request.headers['accept-encoding'] ?? '');
}

function isMissingFile(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
