/**
 * What it costs the processor to tell of a request: `tsx bench/telemetry-cost.ts`. One request with one call of bk-job,
 * as the service tells it, into a log that goes nowhere; the processor time of all threads counts, so that the writing
 * in the background does, too.
 */
import { openSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import type { Caller } from '../src/domain/caller.ts';
import { createLogDestination } from '../src/telemetry/log-destination.ts';
import { createTelemetry, type Telemetry } from '../src/telemetry/telemetry.ts';

/** Measured so often: what else a machine does makes figures larger, never smaller. */
const times = 10;
const rounds = 40_000;
/** Requests that are answered within one turn of the event loop under load. */
const perTurn = 20;

const proof = { kind: 'bk_token', value: 'Zq3kQ9xT7mB2nV5cLwZq3kQ9xT7mB2nV5cLw' } as const;
const caller: Caller = {
  proof,
  tenantId: null,
  language: null,
  fingerprint: 'Zm9vYmFyYmF6cXV4',
  account: 'Zm9vYmFyYmF6cXV4',
};
const headers = { 'x-bkapi-authorization': JSON.stringify({ bk_token: proof.value }), host: 'localhost' };
const numbered = {
  ...headers,
  'x-request-id': '0123e567-e89b-12d3-a456-426614174000',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
};

const started = { endpoint: 'get_job_instance_status', hostDetail: true, attempt: 1 } as const;

function tellOf({ requests, execution, upstream }: Telemetry, sent: typeof headers): void {
  const trace = requests.begin({ transport: 'http', headers: sent });
  trace.identified(caller);
  execution.documentLookedUp(true);
  trace.resolved({ kind: 'query', name: 'FailedHostsOfAJob' });
  const call = trace.beginCall(started);
  const told = { upstreamCode: null, durationMs: 3.25, requestId: 'd3b07384d113edec' };
  const end = { ...started, ...told, outcome: 'ok' } as const;
  call.ended(end);
  upstream.callEnded(end);
  trace.answered([]);
  trace.ended({ status: 200, complete: true });
}

async function measure(what: string, tell: () => void): Promise<void> {
  const run = async (count: number): Promise<void> => {
    for (let done = 0; done < count; done += perTurn) {
      for (let one = 0; one < perTurn; one += 1) tell();
      await turn();
    }
  };
  const figures: number[] = [];
  for (let time = 0; time < times; time += 1) {
    const before = process.cpuUsage();
    await run(rounds);
    const { user, system } = process.cpuUsage(before);
    figures.push((user + system) / rounds);
  }
  const [best = 0, ...others] = figures.toSorted((left, right) => left - right);
  console.log(`${what.padEnd(55)} ${best.toFixed(2)} µs, at worst ${(others.at(-1) ?? best).toFixed(2)} µs`);
}

const telemetryAt = (level: 'info' | 'silent') =>
  createTelemetry({
    level,
    destination: createLogDestination({ fd: openSync('/dev/null', 'w'), maxWaitingBytes: 4 * 1024 ** 2 }),
    secrets: [],
    ofProcess: false,
  });

await measure('nothing told', () => undefined);
const silent = telemetryAt('silent');
await measure('metrics', () => {
  tellOf(silent, headers);
});
const logging = telemetryAt('info');
await measure('metrics and the line of the log', () => {
  tellOf(logging, headers);
});
await measure('the same, with a number and a trace of the client', () => {
  tellOf(logging, numbered);
});
