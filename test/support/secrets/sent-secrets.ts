import { subscribe } from 'node:diagnostics_channel';
import { createSecretScan } from './secret-scan.ts';

/** Credentials that requests of this process, or to servers in it, have carried. */
const sent = new Set<string>();

/** More than any test sends by words of its own; those that send thousands look through their output themselves. */
const most = 200;

/** What is shorter, or one of these words that tests sign in with, stands in texts that are nobody's sign-in. */
const shortest = 5;
const words: ReadonlySet<string> = new Set(['expired', 'nobody', 'secret', 'planted']);

const members = /\\*"(?:bk_token|bk_ticket|access_token|bk_app_secret)\\*"\s*:\s*("(?:[^"\\\n]|\\.)*")/g;
const pairs = /\b(?:bk_token|bk_ticket|access_token)=([^;&\s,"'\\]+)/g;

function note(text: string): void {
  for (const [, value = ''] of text.matchAll(members)) add(read(() => String(JSON.parse(value)), value));
  for (const [, value = ''] of text.matchAll(pairs)) add(read(() => decodeURIComponent(value), value));
}

function read(decode: () => string, otherwise: string): string {
  try {
    return decode();
  } catch {
    return otherwise;
  }
}

function add(secret: string): void {
  if (secret.length >= shortest && !words.has(secret) && sent.size < most) sent.add(secret);
}

// Whoever sends them, and on whichever way in: requests as they arrive at the service, at bk-job, and as they are sent.
subscribe('http.server.request.start', (message) => {
  const { request } = message as { request: { url?: string; rawHeaders: readonly string[] } };
  note([request.url ?? '', ...request.rawHeaders].join('\n'));
});
subscribe('undici:request:create', (message) => {
  const { request } = message as { request: { path: string; headers: readonly string[] | string } };
  note([request.path, ...[request.headers].flat()].join('\n'));
});

/** Looks through what was written for every credential that was sent so far, and for these. Throws where one is found. */
export function assertNoSecretIn(
  outputs: Readonly<Record<string, string>>,
  others: readonly string[] = [],
): void {
  const secrets = [...sent, ...others.filter((other) => other.length >= shortest && !words.has(other))];
  const scan = createSecretScan(Object.fromEntries(secrets.map((secret, index) => [String(index), secret])));
  for (const [where, text] of Object.entries(outputs)) scan.look(where, text);
  if (scan.findings.length === 0) return;
  const found = scan.findings.map(({ form, where }) => `${where} (${form})`);
  throw new Error(`Credentials stand in output: ${[...new Set(found)].join(', ')}.`);
}
