import { wholeNumber, type Random } from '../../../src/simulator/random.ts';

/** What of a request can change bk-job's answer, as bk-job gets it. */
export interface ForwardedIdentity {
  /** Name of the member that proves the user. */
  readonly kind: string;
  readonly value: string;
  readonly tenantId: string | null;
  readonly language: string | null;
}

/** A caller of the trials. */
export interface Persona extends ForwardedIdentity {
  readonly kind: 'bk_token' | 'bk_ticket' | 'access_token';
  /** Digits that stand in all that bk-job answers to this caller, and in nothing that it answers to another. */
  readonly canary: string;
}

/** The digits of each identity. */
export interface Canaries {
  /** The same for equal identities; made when an identity is first seen. */
  canaryOf(identity: ForwardedIdentity): string;
  isCanary(digits: string): boolean;
}

/** Nine digits, the first not 0: a 32-bit number, a part of a 64-bit id, and a moment in seconds since 1970. */
export const canaryLength = 9;

/** The page that may sign in by cookie. */
export const pageOrigin = 'https://pages.example.com';

/** No digits given out yet. */
export function createCanaries(random: Random): Canaries {
  const known = new Map<string, string>();
  const taken = new Set<string>();
  const fresh = (): string => {
    const digits = String(wholeNumber(random, 100_000_000, 999_999_999));
    return taken.has(digits) ? fresh() : digits;
  };
  return {
    canaryOf: ({ kind, value, tenantId, language }) => {
      const key = JSON.stringify([kind, value, tenantId, language]);
      const canary = known.get(key) ?? fresh();
      known.set(key, canary);
      taken.add(canary);
      return canary;
    },
    isCanary: (digits) => taken.has(digits),
  };
}

/** Callers that are hard to tell apart, in groups of which each differs in little. */
export function createGroups(random: Random, canaries: Canaries): readonly (readonly Persona[])[] {
  return Array.from({ length: 12 }, () => likenesses(secretText(random), secretText(random)))
    .flat()
    .map((group) => group.map((identity) => ({ ...identity, canary: canaries.canaryOf(identity) })));
}

/** All that begins so is a secret and belongs into no answer, log or metric. */
export const secretPattern = /s3cret[a-z0-9]{12}/;

function secretText(random: Random): string {
  const letters = Array.from({ length: 12 }, () => wholeNumber(random, 0, 35).toString(36));
  return `s3cret${letters.join('')}`;
}

type Likeness = Omit<Persona, 'canary'>;

function likenesses(value: string, secondToken: string): readonly (readonly Likeness[])[] {
  const one: Likeness = { kind: 'bk_token', value, tenantId: null, language: null };
  const english: Likeness = { ...one, language: 'en' };
  const inTenant: Likeness = { ...one, tenantId: 'a' };
  const pairs: readonly (readonly Likeness[])[] = [
    [one, { ...one, value: secondToken }],
    [one, { ...one, kind: 'bk_ticket' }],
    [one, { ...one, kind: 'access_token' }],
    [one, inTenant],
    [inTenant, { ...one, tenantId: 'A' }],
    [one, { ...one, tenantId: 'null' }],
    [one, english],
    [english, { ...one, language: 'zh-cn' }],
    [inTenant, { ...inTenant, language: 'en' }],
    // Each pair makes the same text where parts are joined with a character that a part may hold, or with none.
    ...['', '-', '_'].flatMap((joint) => [
      [
        { ...one, tenantId: `x${joint}y` },
        { ...one, value: `${value}${joint}x`, tenantId: 'y' },
      ],
      [
        { ...one, tenantId: `z${joint}en` },
        { ...one, tenantId: 'z', language: 'en' },
      ],
    ]),
  ];
  return [...pairs, pairs.flat()];
}

/** Headers of a request of this caller: its sign-in by header or, as pages do, by cookie. */
export function headersOf(
  { kind, value, tenantId, language }: Persona,
  signIn: 'header' | 'cookie',
): Readonly<Record<string, string>> {
  const byCookie = signIn === 'cookie' && kind !== 'access_token';
  return {
    ...(byCookie
      ? { cookie: `theme=dark; ${kind}=${encodeURIComponent(value)}`, origin: pageOrigin }
      : { 'x-bkapi-authorization': JSON.stringify({ [kind]: value }) }),
    ...(tenantId !== null && { 'x-bk-tenant-id': tenantId }),
    ...(language !== null && { 'blueking-language': language }),
  };
}
