import type { FastifyReply, FastifyRequest } from 'fastify';

/** Names of secrets of the platform. A URL is written to logs on its way, so none of them may stand in one. */
const secretNames = ['bk_app_secret', 'bk_token', 'bk_ticket', 'access_token', 'x-bkapi-authorization'];

/** Refuses a request whose query string holds a credential, without repeating it. */
export async function refuseCredentialsInUrl(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const names = new URLSearchParams(queryOf(request.url)).keys();
  for (const name of names) {
    if (!secretNames.includes(name.toLowerCase())) continue;
    const message = `${name.toLowerCase()} must not stand in a URL; send it in the header X-Bkapi-Authorization.`;
    await reply
      .code(400)
      .send({ errors: [{ message, extensions: { code: 'BAD_USER_INPUT', retryable: false } }] });
    return;
  }
}

/** Everything behind the first question mark, further ones included. */
function queryOf(url: string): string {
  const start = url.indexOf('?');
  return start === -1 ? '' : url.slice(start + 1);
}
