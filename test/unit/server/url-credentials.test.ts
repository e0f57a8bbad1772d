import Fastify from 'fastify';
import { afterAll, describe, expect, it } from 'vitest';
import { answerErrorsAsGraphql } from '../../../src/server/refusals.ts';
import { refuseCredentialsInUrl } from '../../../src/server/url-credentials.ts';

const app = Fastify();
app.decorateRequest('trace', null);
answerErrorsAsGraphql(app, (error) => {
  throw error;
});
app.addHook('onRequest', refuseCredentialsInUrl);
app.get('/graphql', () => ({ data: {} }));

afterAll(() => app.close());

describe('a credential in a URL', () => {
  it.each([
    'bk_token',
    'bk_ticket',
    'access_token',
    'bk_app_secret',
    'BK_TOKEN',
    'X-Bkapi-Authorization',
    'bk%5Ftoken',
  ])('is refused and not repeated: %s', async (name) => {
    const { statusCode, body } = await app.inject(`/graphql?query=1&${name}=planted-secret`);
    expect(statusCode).toBe(400);
    expect(JSON.parse(body)).toMatchObject({
      errors: [{ extensions: { code: 'BAD_USER_INPUT', retryable: false } }],
    });
    expect(body).not.toContain('planted-secret');
  });

  it('is not seen where there is none', async () => {
    expect((await app.inject('/graphql?query={bk_token}')).statusCode).toBe(200);
    expect((await app.inject('/graphql')).statusCode).toBe(200);
  });
});
