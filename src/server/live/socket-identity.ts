import type { IncomingMessage } from 'node:http';
import type { Identification } from '../../context/operation-context.ts';
import { JobApiError, toJobApiError } from '../../domain/errors.ts';
import type { Identity } from '../../identity/identity.ts';

/** Headers that tell who asks, which a client that cannot set headers sends in the first message instead. */
const identityHeaders: readonly string[] = ['x-bkapi-authorization', 'x-bk-tenant-id', 'blueking-language'];

/** Where the first message may hold a sign-in, be it one for somebody else: nothing that operators read repeats it. */
const signInNames: readonly string[] = ['x-bkapi-authorization', 'cookie', 'authorization'];

/**
 * What is kept of the first message while its socket lasts, which may be an hour: its sign-ins, by names in small
 * letters. All else that it says means nothing, and may be thousands of objects.
 */
export function signInsOf(payload: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const signIns: Record<string, string> = {};
  for (const [sentName, value] of Object.entries(payload)) {
    const name = sentName.toLowerCase();
    if (typeof value !== 'string' || !signInNames.includes(name)) continue;
    const earlier = signIns[name];
    signIns[name] = earlier === undefined ? value : `${earlier}\n${value}`;
  }
  return signIns;
}

/** Who asks on a socket: by the headers that opened it and by its first message, which must not say otherwise. */
export function identifySocket(
  identity: Identity,
  { rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>,
  payload: Readonly<Record<string, unknown>>,
): Identification {
  try {
    return identity.identify({ rawHeaders: [...rawHeaders, ...headersOf(payload, rawHeaders)] });
  } catch (thrown) {
    return toJobApiError(thrown);
  }
}

/** What the message says that the headers do not. Two that differ stand there twice, and are refused for it. */
function headersOf(
  payload: Readonly<Record<string, unknown>>,
  rawHeaders: readonly string[],
): readonly string[] {
  return Object.entries(payload).flatMap(([name, value]) => {
    const known = identityHeaders.find((header) => header === name.toLowerCase());
    if (known === undefined) return [];
    if (typeof value !== 'string') {
      throw new JobApiError('BAD_USER_INPUT', `${known} in connection_init must be a text.`);
    }
    const isRepeated = rawHeaders.some(
      (header, at) => at % 2 === 0 && header.toLowerCase() === known && rawHeaders[at + 1] === value,
    );
    return isRepeated ? [] : [known, value];
  });
}
