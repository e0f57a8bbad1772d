/** The one user proof that came with a request, by the name bk-job knows it under (upstream contract 1.3). */
export interface UserProof {
  readonly kind: 'bk_token' | 'bk_ticket' | 'access_token';
  readonly value: string;
}

/**
 * Who asks. Made once per request by `identity`, never stored, never logged.
 * Holds everything forwarded that can change bk-job's answer, and nothing else.
 */
export interface Caller {
  readonly proof: UserProof;
  /** X-Bk-Tenant-Id; null where the request carried none. */
  readonly tenantId: string | null;
  /** Blueking-Language; null where the request carried none. */
  readonly language: string | null;
  /** Keyed digest of all of the above: equal exactly for equal callers, safe to use in keys and logs. */
  readonly fingerprint: string;
  /**
   * Keyed digest of the proof alone: whose account it goes to what one caller may take. With another tenant or language
   * one user would have another share of everything.
   */
  readonly account: string;
}
