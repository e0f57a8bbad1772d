import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRequestIds, type Answer, type ReceivedRequest } from './answer.ts';
import { decodeBkJobCall, type BkJobCall } from './bk-job-call.ts';
import { createCallLog, type CallLog, type CallLogWriter } from './call-log.ts';
import { answerControl } from './control.ts';
import { faultyDelivery, toDelivery } from './delivery.ts';
import { addDemoWorld } from './demo/demo-world.ts';
import { answerAtEsb } from './esb.ts';
import { createFaultPlan, type FaultPlan, type SimulatorFaults } from './faults.ts';
import { answerAtGateway, type FrontDoorContext } from './gateway.ts';
import { createRandom, shuffled, type Random } from './random.ts';
import { send } from './send.ts';
import { createWorld, type SimulatedWorld } from './world.ts';

/** How the embedded bk-job is started. */
export interface SimulatorOptions {
  /** 127.0.0.1 if left out. */
  readonly host?: string;
  /** A free one if left out or 0. */
  readonly port?: number;
  /** Equal seeds make equal worlds and equal answers to equal requests; 1 if left out. */
  readonly seed?: number;
  /** Milliseconds since 1970; the machine's clock if left out. Jobs move with it. */
  readonly now?: () => number;
  /** Whether hosts come in another order with every answer, as bk-job promises none; false if left out. */
  readonly shuffleHosts?: boolean;
}

/** An embedded bk-job that listens. */
export interface Simulator extends AsyncDisposable {
  /** Scheme, host and port. The gateway's base is `/api/bk-job/prod` below it, the ESB's is the address itself. */
  readonly url: string;
  readonly world: SimulatedWorld;
  readonly calls: CallLog;
  readonly faults: SimulatorFaults;
  /** Cuts every connection, also those that a fault keeps waiting. Resolves when the port is free. */
  close(): Promise<void>;
}

/** What requests are answered with. */
interface Parts {
  readonly world: SimulatedWorld;
  readonly calls: CallLogWriter;
  readonly faults: FaultPlan;
  readonly idDigits: Random;
  readonly context: Omit<FrontDoorContext, 'ids'>;
}

/** Largest body that is read; the ESB's own limit (upstream contract 11). */
const maxBodyBytes = 10 * 1024 * 1024;

/** Longer than clients keep connections that they do not use, so that none is closed just as it is used again. */
const keepAliveMs = 75_000;

/** Starts a bk-job with the demonstration's world. Rejects where it cannot listen. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { host = '127.0.0.1', port = 0, seed = 1, now = Date.now, shuffleHosts = false } = options;
  const world = createWorld(now);
  addDemoWorld(world, { start: now(), random: createRandom(seed) });
  const order = createRandom(seed);
  const parts: Parts = {
    world,
    calls: createCallLog(),
    faults: createFaultPlan(),
    idDigits: createRandom(seed),
    context: { world, arrange: (hosts) => (shuffleHosts ? shuffled(order, hosts) : hosts) },
  };
  const server = createServer({ keepAliveTimeout: keepAliveMs }, (request, response) => {
    receive(request, (received) => answer(parts, received, response));
  });
  await listen(server, host, port);
  const close = () => closeServer(server);
  return {
    url: urlOf(server, host),
    world,
    calls: { all: () => parts.calls.all(), clear: () => parts.calls.clear() },
    faults: { inject: (injection) => parts.faults.inject(injection), clear: () => parts.faults.clear() },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function answer(parts: Parts, request: ReceivedRequest, response: ServerResponse): void {
  const call = decodeBkJobCall(request, parts.world);
  if (call === null) {
    const { status, value } = answerControl(parts, request);
    response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8' });
    response.end(`${JSON.stringify(value, null, 2)}\n`);
    return;
  }
  const context = { ...parts.context, ids: createRequestIds(parts.idDigits) };
  const fault = parts.faults.take(call);
  const asEver = () => answerAtFrontDoor(call, context);
  const delivery = fault === null ? toDelivery(asEver()) : faultyDelivery(fault, asEver, { call, context });
  parts.calls.add(call, delivery, fault);
  send(response, delivery);
}

function answerAtFrontDoor(call: BkJobCall, context: FrontDoorContext): Answer {
  return call.frontDoor === 'esb' ? answerAtEsb(call, context) : answerAtGateway(call, context);
}

/** Reads a request whole. One that is too large or breaks off is dropped with its connection. */
function receive(request: IncomingMessage, onReceived: (received: ReceivedRequest) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > maxBodyBytes) request.destroy();
    else chunks.push(chunk);
  });
  request.on('error', () => request.destroy());
  request.on('end', () => {
    const [path = '/', ...query] = (request.url ?? '/').split('?');
    onReceived({
      method: request.method ?? 'GET',
      path,
      query: Object.fromEntries(new URLSearchParams(query.join('?'))),
      headers: Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, [value].flat().join(', ')]),
      ),
      body: Buffer.concat(chunks).toString('utf8'),
    });
  });
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo; // A server that listens on a port has an address of this kind.
  return `http://${host.includes(':') ? `[${host}]` : host}:${String(port)}`;
}

/** Closing twice is the same as closing once. */
function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
