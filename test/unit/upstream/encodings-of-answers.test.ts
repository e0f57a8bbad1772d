import type { Dispatcher } from 'undici';
import { expect, it } from 'vitest';
import { createExchange } from '../../support/create-exchange.ts';

const controller = {} as Dispatcher.DispatchController;

/** The body that is told of an answer with this `Content-Encoding`, or the code of the failure. */
function outcomeOf(encoding: string | string[]): string {
  const outcomes: string[] = [];
  const exchange = createExchange({
    answered: ({ body }) => outcomes.push(Buffer.from(body).toString()),
    failed: ({ code }) => outcomes.push(code),
  });
  exchange.onResponseStart(controller, 200, { 'content-encoding': encoding });
  exchange.onResponseData(controller, Buffer.from('{}'));
  exchange.onResponseEnd();
  return outcomes.join();
}

it.each<[string | string[], string]>([
  ['identity', '{}'],
  ['Identity', '{}'],
  ['IDENTITY', '{}'],
  ['', '{}'],
  [['identity', ''], '{}'],
  ['gzip', 'UPSTREAM_BAD_RESPONSE'],
  ['identity, gzip', 'UPSTREAM_BAD_RESPONSE'],
  [['identity', 'gzip'], 'UPSTREAM_BAD_RESPONSE'],
])('an answer that says that it is encoded as %j becomes %s', (encoding, outcome) => {
  expect(outcomeOf(encoding)).toBe(outcome);
});
