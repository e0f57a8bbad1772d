import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createCallLog, type CallLog } from './call-log.ts';
import { answerControl } from './control.ts';
import { populate } from './demonstration/populate.ts';
import { answerFrontDoor } from './front-doors.ts';
import { createFaults, type Faults } from './faults.ts';
import { createWorld, type SimulatedWorld } from './world.ts';

export type { SimulatedCall, SimulatedFrontDoor } from './call-log.ts';
export type { Fault, FaultMatch, InjectedFault } from './faults.ts';
export type { SimulatedHost, SimulatedJob, SimulatedScope, SimulatedStep } from './job-model.ts';
export type { SimulatedJobSource, SimulatedUser, SimulatedWorld } from './world.ts';

/** How the embedded bk-job is started. Everything may be left out. */
export interface SimulatorOptions {
  /** Address to listen on; 127.0.0.1 by default. */
  readonly host?: string;
  /** Port to listen on; a free one by default. */
  readonly port?: number;
  /** What is by chance in the world follows from it; 1 by default. */
  readonly seed?: number;
  /** Its clock, in milliseconds since 1970; the system's by default. */
  readonly now?: () => number;
  /** Whether hosts come in another order with every answer, as bk-job is free to send them; off by default. */
  readonly shuffleHosts?: boolean;
}

/** A bk-job that listens. */
export interface Simulator extends AsyncDisposable {
  /** Its origin: base address for ESB; below it, /api/bk-job is that of the API gateway (stage prod). */
  readonly url: string;
  readonly calls: CallLog;
  readonly faults: Faults;
  readonly world: SimulatedWorld;
  /** Ends it, with whatever is under way. */
  close(): Promise<void>;
}

/** Starts a bk-job with the demonstration's world. Rejects where it cannot listen. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { host = '127.0.0.1', port = 0, seed = 1, now = Date.now, shuffleHosts = false } = options;
  const world = createWorld(now);
  populate(world, { seed, startedAt: now() });
  const calls = createCallLog();
  const faults = createFaults();
  const doors = answerFrontDoor({ world, calls, faults, seed, shuffleHosts });
  const control = answerControl({ world, calls, faults });
  const server = createServer((request, response) => {
    void answer(request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined);
    });
  });
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    if (await doors(request, body, response)) return;
    control(request, body, response);
  }
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  const { port: boundPort } = server.address() as AddressInfo;
  return {
    url: `http://${host}:${String(boundPort)}`,
    calls,
    faults,
    world,
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
