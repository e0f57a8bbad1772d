import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { createGunzip, gzip } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { firstOperation } from './first-operation.ts';

/** Where the page is served and what it asks. */
export interface OfflineGraphiqlOptions {
  /** Path of the page. */
  readonly path: string;
  /** Path of the GraphQL endpoint on the same origin. */
  readonly graphqlPath: string;
  /** Whether the first operation may name the demonstration's job and user. */
  readonly embeddedUpstream: boolean;
}

interface Page {
  /** Kept compressed: the plain text has 9 MB and hardly a client asks for it. */
  readonly compressed: Buffer;
  readonly etag: string;
  readonly contentSecurityPolicy: string;
}

// `npm run build` writes it. The way to it is the same from src/server/explorer and from dist/server/explorer.
const builtPage = new URL('../../../dist/graphiql.html', import.meta.url);

/**
 * Serves GraphiQL as one page that loads nothing from anywhere else and may talk to this service only.
 * The page is read and compressed on the first visit, so that a service nobody visits pays nothing for it.
 */
export function registerOfflineGraphiql(app: FastifyInstance, options: OfflineGraphiqlOptions): void {
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

async function loadPage(options: OfflineGraphiqlOptions): Promise<Page> {
  const built = await readFile(builtPage, 'utf8');
  const text = built.replace('/* options */', () => toInlineJson(graphiqlOptions(options)));
  return {
    compressed: await promisify(gzip)(text),
    etag: `W/"${hash(text, 'base64url')}"`,
    contentSecurityPolicy: toContentSecurityPolicy(text),
  };
}

function graphiqlOptions({
  graphqlPath,
  embeddedUpstream,
}: OfflineGraphiqlOptions): Readonly<Record<string, unknown>> {
  const { document, variables, headers } = firstOperation({ embeddedUpstream });
  return {
    title: 'bkjob-graphql',
    logo: '',
    endpoint: graphqlPath,
    query: document,
    variables: JSON.stringify(variables, null, 2),
    headers: JSON.stringify(headers, null, 2),
    // A token that was typed in must not outlive the page.
    shouldPersistHeaders: false,
  };
}

/** JSON that cannot end the element that it stands in. */
function toInlineJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

/** Allows the one script of the page by its hash, the editor's workers, and no address but this service. */
function toContentSecurityPolicy(page: string): string {
  const start = page.indexOf('<script>') + '<script>'.length;
  const script = page.slice(start, page.indexOf('</script>', start));
  return [
    "default-src 'none'",
    `script-src 'sha256-${hash(script, 'base64')}'`,
    'worker-src blob:',
    "connect-src 'self'",
    // The editor writes style elements and attributes while it runs.
    "style-src 'unsafe-inline'",
    'img-src data:',
    'font-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
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
