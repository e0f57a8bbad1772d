import { parseMembers } from './json.ts';
import type { SimulatedWorld } from './world.ts';

/** Credentials of a request as they came, JSON texts opened. */
export interface Credentials {
  readonly appCode: string;
  readonly appSecret: string;
  /** Name of the member that proves the user, and its value; null where there is none. */
  readonly proof: { readonly kind: string; readonly value: string } | null;
  /** A name without proof. */
  readonly username: string;
}

/** Why credentials do not do. Each front door has its own words for it (upstream contract 3.3, 3.4). */
export type CredentialFault =
  | 'not-json'
  | 'app-code-missing'
  | 'app-secret-missing'
  | 'app-incorrect'
  | 'user-missing'
  | 'user-invalid'
  | 'username-unverified'
  | 'app-not-granted';

const proofKinds = ['bk_token', 'bk_ticket', 'access_token'] as const;

/** An access_token stands for an application, too (upstream contract 1.3): in this world always for this one. */
const appOfAccessTokens = 'demo_app';

/** Credentials in members of a body, a query or an authorization header. */
export function readCredentials(members: Readonly<Record<string, string>>): Credentials {
  const kind = proofKinds.find((one) => (members[one] ?? '') !== '');
  return {
    appCode: members['bk_app_code'] ?? '',
    appSecret: members['bk_app_secret'] ?? '',
    proof: kind === undefined ? null : { kind, value: members[kind] ?? '' },
    username: members['bk_username'] ?? '',
  };
}

/** Credentials in the header X-Bkapi-Authorization; null where it is not a JSON object. */
export function readAuthorizationHeader(header: string): Credentials | null {
  const members = header === '' ? {} : parseMembers(header);
  return members === null ? null : readCredentials(members);
}

/** Who the proof belongs to: a token is its user's name. Null where it is nobody's. */
export function provenUser(world: SimulatedWorld, credentials: Credentials | null): string | null {
  const name = credentials?.proof?.value ?? '';
  return world.findUser(name) === null ? null : name;
}

/** What is wrong with credentials, checked as the front doors do: application, user, grant. Null if nothing is. */
export function findCredentialFault(
  world: SimulatedWorld,
  credentials: Credentials | null,
): CredentialFault | null {
  if (credentials === null) return 'not-json';
  const { appCode, appSecret, proof, username } = credentials;
  const byAccessToken = appCode === '' && proof?.kind === 'access_token';
  const app = world.findApp(byAccessToken ? appOfAccessTokens : appCode);
  if (!byAccessToken) {
    if (appCode === '') return 'app-code-missing';
    if (appSecret === '') return 'app-secret-missing';
    if (app?.secret !== appSecret) return 'app-incorrect';
  }
  if (proof === null) return username === '' ? 'user-missing' : 'username-unverified';
  if (provenUser(world, credentials) === null) return 'user-invalid';
  return app?.granted === true ? null : 'app-not-granted';
}
