import { createHmac, hash } from 'node:crypto';
import type { Caller, UserProof } from '../domain/caller.ts';
import { JobApiError } from '../domain/errors.ts';
import { parseAuthorization } from './authorization.ts';
import { proofFromCookies } from './cookies.ts';
import { placeOfHeader, valuesOfHeader, type RawHeaders } from './raw-headers.ts';

/** What identities are made with. */
export interface IdentityOptions {
  /** Origins whose pages may sign in by cookie. */
  readonly allowedOrigins: readonly string[];
  /** Key of fingerprints: they mean nothing to whoever does not have it. */
  readonly fingerprintKey: Uint8Array;
  /** Who asks where no credential came at all; null in every deployment but a demonstration. */
  readonly guestProof: UserProof | null;
}

/** The part of a request that tells who asks. */
export interface IdentifiableRequest {
  readonly rawHeaders: RawHeaders;
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
      const proof = proofOf(rawHeaders, options) ?? options.guestProof;
      const tenantId = readHeader(rawHeaders, 'x-bk-tenant-id', isTenant);
      const language = readHeader(rawHeaders, 'blueking-language', isLanguage);
      if (proof === null) return null;
      const fingerprint = fingerprintOf({ proof, tenantId, language });
      const account =
        tenantId === null && language === null
          ? fingerprint
          : fingerprintOf({ proof, tenantId: null, language: null });
      return { proof, tenantId, language, fingerprint, account };
    },
  };
}

function isTenant(value: string): boolean {
  return tenantPattern.test(value);
}

function isLanguage(value: string): boolean {
  return languages.includes(value);
}

/** Whoever signs in twice must be the same both times: this service never picks one. */
function proofOf(rawHeaders: RawHeaders, { allowedOrigins }: IdentityOptions): UserProof | null {
  const authorization = readHeader(rawHeaders, 'x-bkapi-authorization');
  const fromHeader = authorization === null ? null : parseAuthorization(authorization);
  const origin = readHeader(rawHeaders, 'origin');
  const mayUseCookies = origin !== null && allowedOrigins.includes(origin);
  const fromCookies = mayUseCookies ? proofFromCookies(valuesOfHeader(rawHeaders, 'cookie')) : null;
  if (fromHeader === null || fromCookies === null) return fromHeader ?? fromCookies;
  if (fromHeader.kind === fromCookies.kind && fromHeader.value === fromCookies.value) return fromHeader;
  throw new JobApiError(
    'BAD_USER_INPUT',
    'The header X-Bkapi-Authorization and the cookies sign in differently.',
  );
}

function readHeader(
  rawHeaders: RawHeaders,
  name: string,
  isValid?: (value: string) => boolean,
): string | null {
  const at = placeOfHeader(rawHeaders, name, 0);
  if (at === -1) return null;
  if (placeOfHeader(rawHeaders, name, at + 2) !== -1) {
    throw new JobApiError('BAD_USER_INPUT', `The header ${name} came more than once.`);
  }
  const value = rawHeaders[at + 1] ?? '';
  if (isValid?.(value) === false)
    throw new JobApiError('BAD_USER_INPUT', `The header ${name} holds no value that it can have.`);
  return value;
}

type Signature = Pick<Caller, 'proof' | 'tenantId' | 'language'>;

type Fingerprint = (caller: Signature) => string;

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
function textOf({ proof, tenantId, language }: Signature): string {
  return partOf(proof.kind) + partOf(proof.value) + partOf(tenantId) + partOf(language);
}

function partOf(part: string | null): string {
  return part === null ? '-' : `${String(part.length)}:${part}`;
}
