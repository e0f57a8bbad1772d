import fc from 'fast-check';
import { Cancellation } from '../../src/upstream/cancellation.ts';
import { createTransport } from '../../src/upstream/transport.ts';
import { startRawUpstream } from '../../test/support/raw-upstream.ts';
import { sendRequest } from '../../test/support/send-request.ts';
import { startTestService, type TestService } from '../../test/support/start-test-service.ts';
import type { Figure, Trial } from './figure.ts';

const malformed = 10_000;
const connections = 8;
const wantedMs = 50;

/** G15: credentials that cannot be sent on, ten thousand of them, and then a caller like any other. */
export const trial: Trial = async ({ seed }) => [
  ...(await throughTheService(seed)),
  ...(await pastTheService(seed)),
];

/** Signs that break a header, or JSON, or both; a header of HTTP carries them in JSON's own way of writing. */
const sign = fc.constantFrom('\r', '\n', '\0', '\u0007', '\u00e9', '\u4e2d', '\ud800', ' ', '\u007f');
const value = fc
  .tuple(fc.string({ maxLength: 20 }), sign, fc.string({ maxLength: 20 }))
  .map(([before, between, after]) => `${before}${between}${after}`);

async function throughTheService(seed: number): Promise<readonly Figure[]> {
  await using service = await startTestService({
    environment: { BKJOB_GQL__UPSTREAM__CONNECTIONS: String(connections) },
  });
  await goodCalls(service);
  service.simulator.calls.clear();
  const header = fc.record({ kind: fc.constantFrom('bk_token', 'bk_ticket', 'access_token'), value });
  const headers = fc.sample(header, { numRuns: malformed, seed });
  for (let start = 0; start < headers.length; start += 50) {
    await Promise.all(
      headers.slice(start, start + 50).map(({ kind, value: token }) =>
        service.query('{ jobInstance(scope: {bkBizId: 2}, jobInstanceId: 20000000004) { name } }', {
          token: null,
          headers: { 'x-bkapi-authorization': asciiJson({ [kind]: token }) },
        }),
      ),
    );
  }
  const calls = service.simulator.calls.all().length;
  return [
    {
      goal: 'G15',
      what: 'calls to bk-job on behalf of malformed identities',
      load: `${String(malformed)} requests`,
      measured: String(calls),
      wanted: '0',
      passed: calls === 0,
      note: null,
    },
    answered('a good call after them', await goodCalls(service)),
  ];
}

/** A good call, and then as many at once as there are connections. Tells how long the first took; Infinity where one failed. */
async function goodCalls(service: TestService): Promise<number> {
  const ask = (index: number) =>
    service.query(
      `{ jobInstance(scope: {bkBizId: 2}, jobInstanceId: ${String(20_000_001_001 + index)}) { name } }`,
    );
  return timeOf((index) => ask(index).then(({ body }) => body.errors === undefined));
}

async function timeOf(call: (index: number) => Promise<boolean>): Promise<number> {
  const start = performance.now();
  const isAnswered = await call(0);
  const duration = performance.now() - start;
  const others = await Promise.all(Array.from({ length: connections }, (_, index) => call(index)));
  return [isAnswered, ...others].every(Boolean) ? duration : Infinity;
}

/** What identity would let through by mistake is refused before undici sees it. */
async function pastTheService(seed: number): Promise<readonly Figure[]> {
  await using upstream = await startRawUpstream();
  const transport = createTransport({
    origin: new URL(upstream.url).origin,
    connections,
    connectMs: 1000,
    maxResponseBytes: 1_000_000,
    maxInflightResponseBytes: 1_000_000,
  });
  const send = (token: string) =>
    sendRequest(
      transport,
      { method: 'GET', path: '/?job_instance_id=1', headers: { 'X-Bkapi-Authorization': token }, body: null },
      { timeoutMs: 1000, cancellation: new Cancellation() },
    );
  await send('good');
  const broken = fc.sample(fc.constantFrom('\r', '\n', '\0', '\u4e2d', '\ud800'), {
    numRuns: malformed,
    seed,
  });
  for (const between of broken) await send(`a${between}b`).catch(() => null);
  const duration = await timeOf(() => send('good').then(() => true));
  await transport.close();
  return [answered(`a good call after ${String(malformed)} that undici would refuse`, duration)];
}

function answered(what: string, durationMs: number): Figure {
  return {
    goal: 'G15',
    what: `${what}, and then one on each of ${String(connections)} connections`,
    load: null,
    measured: durationMs === Infinity ? 'not answered' : `${durationMs.toFixed(0)} ms`,
    wanted: `${String(wantedMs)} ms or less`,
    passed: durationMs <= wantedMs,
    note: 'the first one is timed; service, bk-job and clients share one process',
  };
}

function asciiJson(object: object): string {
  return JSON.stringify(object).replaceAll(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
