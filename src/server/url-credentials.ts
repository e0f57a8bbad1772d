import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify';
import { Refusal } from './refusals.ts';

/** Names of secrets of the platform. A URL is written to logs on its way, so none of them may stand in one. */
const secretNames = ['bk_app_secret', 'bk_token', 'bk_ticket', 'access_token', 'x-bkapi-authorization'];

/** Refuses a request whose query string holds a credential, without repeating it. */
export function refuseCredentialsInUrl(
  request: FastifyRequest,
  _reply: FastifyReply,
  done: HookHandlerDoneFunction,
): void {
  done(refusalOfUrl(request.url) ?? undefined);
}

/** Why a URL is refused; null where no credential stands in it. */
export function refusalOfUrl(url: string): Refusal | null {
  const query = queryOf(url);
  const found = query === '' ? undefined : secretIn(query);
  if (found === undefined) return null;
  return new Refusal(400, `${found} must not stand in a URL; send it in the header X-Bkapi-Authorization.`);
}

function secretIn(query: string): string | undefined {
  const names = [...new URLSearchParams(query).keys()].map((name) => name.toLowerCase());
  return names.find((name) => secretNames.includes(name));
}

/** Everything behind the first question mark, further ones included. */
function queryOf(url: string): string {
  const start = url.indexOf('?');
  return start === -1 ? '' : url.slice(start + 1);
}
