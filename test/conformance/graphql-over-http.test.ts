import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestService, type TestService } from '../support/start-test-service.ts';

/**
 * What the GraphQL over HTTP specification recommends (SHOULD) or allows (MAY) and this service does not do,
 * with the reason. Everything else must pass, and so must what stands here fail: a stale entry fails the test.
 */
const notDone: Readonly<Record<string, string>> = {
  '572B': 'Apollo Server answers 400 where a document does not parse, whatever the client accepts.',
  FDE2: 'The same where a document does not fit the schema.',
  '7B9B': 'The same where variables do not fit the document.',
  '5A70':
    'A GET without a header that only scripts can set is refused, so that no page can make a browser ask.',
  D6D5: 'The same, for a GET with variables.',
  '6A70': 'The same, for a GET with variables and application/json.',
};

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service[Symbol.asyncDispose]());

const audits = serverAudits({ url: () => service.graphqlUrl, fetchFn: fetch });

describe('GraphQL over HTTP', () => {
  it.each(audits.map((audit) => [audit.id, audit.name, audit] as const))(
    '%s: %s',
    async (id, name, audit) => {
      const result = await audit.fn();
      if ('response' in result) await result.response.body?.cancel();
      if (name.startsWith('MUST')) expect(result).toMatchObject({ status: 'ok' });
      else expect({ id, passes: result.status === 'ok' }).toEqual({ id, passes: !(id in notDone) });
    },
  );

  it('lists nothing that the audits do not know', () => {
    const ids = audits.map(({ id }) => id);
    expect(Object.keys(notDone).filter((id) => !ids.includes(id))).toEqual([]);
  });
});
