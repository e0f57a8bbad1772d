import { createHmac, hash } from 'node:crypto';
import type { Caller, UserProof } from '../domain/caller.ts';
import { JobApiError } from '../domain/errors.ts';
import { parseAuthorization } from './authorization.ts';
import { proofFromCookies } from './cookies.ts';

/** What identities are made with. */
export interface IdentityOptions {
  /** Origins whose pages may sign in by cookie. */
  readonly allowedOrigins: readonly string[];
  /** Key of fingerprints: they mean nothing to whoever does not have it. */
  readonly fingerprintKey: Uint8Array;
  /** Who asks where no credential came at all; null in every deployment but a demonstration. */
  readonly guestProof: UserProof | null;
}

/** The part of a request that tells who asks: names and values of its headers in turn, as they came. */
export interface IdentifiableRequest {
  readonly rawHeaders: readonly string[];
}

/** Tells who asks. Holds nothing of any request. */
export interface Identity {
  /** Null where the request carries no credentials. Throws BAD_USER_INPUT, without repeating a value, where they cannot be. */
  identify(request: IdentifiableRequest): Caller | null;
}

const tenantPattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
const languages: readonly string[] = ['en', 'zh-cn'];

/** Makes what tells who asks. */
export function createIdentity(options: IdentityOptions): Identity {
  const fingerprintOf = createFingerprint(options.fingerprintKey);
  return {
    identify: ({ rawHeaders }) => {
      const headers = collectHeaders(rawHeaders);
      const proof = proofOf(headers, options) ?? options.guestProof;
      const tenantId = readHeader(headers, 'x-bk-tenant-id', (value) => tenantPattern.test(value));
      const language = readHeader(headers, 'blueking-language', (value) => languages.includes(value));
      if (proof === null) return null;
      const caller = { proof, tenantId, language };
      return { ...caller, fingerprint: fingerprintOf(caller) };
    },
  };
}

const headersLookedAt: ReadonlySet<string> = new Set([
  'x-bkapi-authorization',
  'x-bk-tenant-id',
  'blueking-language',
  'origin',
  'cookie',
]);

/** Most headers are none of these by their length already. */
const lengthsLookedAt: ReadonlySet<number> = new Set([...headersLookedAt].map(({ length }) => length));

type Headers = ReadonlyMap<string, readonly string[]>;

function collectHeaders(rawHeaders: readonly string[]): Headers {
  const headers = new Map<string, string[]>();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const sent = rawHeaders[at] ?? '';
    if (!lengthsLookedAt.has(sent.length)) continue;
    const name = sent.toLowerCase();
    if (!headersLookedAt.has(name)) continue;
    const values = headers.get(name);
    if (values === undefined) headers.set(name, [rawHeaders[at + 1] ?? '']);
    else values.push(rawHeaders[at + 1] ?? '');
  }
  return headers;
}

/** Whoever signs in twice must be the same both times: this service never picks one. */
function proofOf(headers: Headers, { allowedOrigins }: IdentityOptions): UserProof | null {
  const authorization = readHeader(headers, 'x-bkapi-authorization');
  const fromHeader = authorization === null ? null : parseAuthorization(authorization);
  const origin = readHeader(headers, 'origin');
  const mayUseCookies = origin !== null && allowedOrigins.includes(origin);
  const fromCookies = mayUseCookies ? proofFromCookies(headers.get('cookie') ?? []) : null;
  if (fromHeader === null || fromCookies === null) return fromHeader ?? fromCookies;
  if (fromHeader.kind === fromCookies.kind && fromHeader.value === fromCookies.value) return fromHeader;
  throw new JobApiError(
    'BAD_USER_INPUT',
    'The header X-Bkapi-Authorization and the cookies sign in differently.',
  );
}

function readHeader(
  headers: Headers,
  name: string,
  isValid: (value: string) => boolean = () => true,
): string | null {
  const [value, ...others] = headers.get(name) ?? [];
  if (value === undefined) return null;
  if (others.length > 0) throw new JobApiError('BAD_USER_INPUT', `The header ${name} came more than once.`);
  if (!isValid(value))
    throw new JobApiError('BAD_USER_INPUT', `The header ${name} holds no value that it can have.`);
  return value;
}

type Fingerprint = (caller: Omit<Caller, 'fingerprint'>) => string;

/**
 * A keyed digest, nested as in HMAC. `createHmac` would make an object of OpenSSL for each request, which takes much
 * longer where other work has filled the caches of the processor (bench/README.md).
 */
function createFingerprint(key: Uint8Array): Fingerprint {
  const keyFor = (purpose: string): string => createHmac('sha256', key).update(purpose).digest('hex');
  const [inner, outer] = [keyFor('inner'), keyFor('outer')];
  return (caller) => hash('sha256', outer + hash('sha256', inner + textOf(caller), 'hex'), 'base64url');
}

/** Lengths stand before parts, so that no two callers make the same text. */
function textOf({ proof, tenantId, language }: Omit<Caller, 'fingerprint'>): string {
  let text = '';
  for (const part of [proof.kind, proof.value, tenantId, language]) {
    text += part === null ? '-' : `${String(part.length)}:${part}`;
  }
  return text;
}
