import type { Dispatcher } from 'undici';
import { expect, it } from 'vitest';
import type { JobApiError } from '../../../src/domain/errors.ts';
import { ReusedMemory } from '../../../src/memory/reused-memory.ts';
import { Cancellation } from '../../../src/upstream/cancellation.ts';
import { Exchange } from '../../../src/upstream/exchange.ts';
import { ReadBuffers } from '../../../src/upstream/read-buffers.ts';
import { SentIds } from '../../../src/upstream/sent-ids.ts';

const controller = {} as Dispatcher.DispatchController;

/** The body that is told of an answer with this `Content-Encoding`, or the code of the failure. */
function outcomeOf(encoding: string | string[]): string {
  const outcomes: string[] = [];
  const exchange = new Exchange(
    {
      maxResponseBytes: 100,
      inflight: { taken: 0, max: 100 },
      bodies: new ReusedMemory(0),
      reads: new ReadBuffers(0),
      sentIds: new SentIds(),
    },
    { timeoutMs: 60_000, cancellation: new Cancellation(), requestId: 'request-1' },
    {
      answered: ({ body }) => outcomes.push(Buffer.from(body).toString()),
      failed: ({ code }: JobApiError) => outcomes.push(code),
    },
  );
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
