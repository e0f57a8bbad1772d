import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'undici';
import { loadSettings } from '../../../src/config/load-settings.ts';
import type { ExecutionObserver } from '../../../src/execution/execution-observer.ts';
import type { LiveObserver } from '../../../src/live/live-observer.ts';
import { startService } from '../../../src/service.ts';
import { createTelemetry } from '../../../src/telemetry/telemetry.ts';
import type { ReadCacheOptions } from '../../../src/upstream/read-cache.ts';
import type { UpstreamObserver } from '../../../src/upstream/upstream-observer.ts';
import type { Carry } from './carried-requests.ts';
import type { HeldCalls } from './held-calls.ts';
import type { OpenWay } from './open-world.ts';
import { headersOf, pageOrigin } from './personas.ts';
import { createToldAgain } from './told-again.ts';
import type { WayIn } from './way-in.ts';

/** Something that stands between clients and a service, and where it listens. */
export interface Between extends AsyncDisposable {
  readonly origin: string;
}

/** Puts something between clients and the service at this origin. */
export type PutBetween = (origin: string) => Promise<Between>;

/** As few as make callers share them. */
const connectionsOfClients = 6;

/** A whole service before a bk-job over sockets. */
export interface ServiceBefore extends Omit<WayIn, 'inTransit' | 'ask' | typeof Symbol.asyncDispose> {
  readonly graphqlUrl: string;
  close(): Promise<void>;
}

/** Starts a service before these calls. It keeps what it reads as `cache` says, and nothing where that is left out. */
export async function startBefore(
  calls: HeldCalls,
  cache: ReadCacheOptions | null = null,
): Promise<ServiceBefore> {
  const { server: bkJob, origin: bkJobOrigin } = await listenAsBkJob(calls);
  let written: string[] = [];
  let [answeredFast, readers] = [0, 0];
  const telemetry = createTelemetry({
    level: 'info',
    destination: { write: (line) => written.push(line) },
    secrets: [],
    ofProcess: false,
  });
  const execution: ExecutionObserver = {
    ...telemetry.execution,
    fastPathTaken: () => (answeredFast += 1),
  };
  const live: LiveObserver = {
    ...telemetry.live,
    readerStarted: () => (readers += 1),
    readerStopped: () => (readers -= 1),
  };
  const { observer, ...toldAgain } = createToldAgain(cache, () => performance.now());
  const upstream = heardBy(telemetry.upstream, observer);
  const service = await startService(
    loadSettings(environmentFor(bkJobOrigin, cache), () => ''),
    {
      report: (error) => {
        written.push(error instanceof Error ? `${error.stack ?? ''} ${String(error.cause)}` : String(error));
      },
      telemetry: { ...telemetry, execution, live, upstream },
    },
  );
  return {
    graphqlUrl: service.graphqlUrl,
    answeredFast: () => answeredFast,
    ...toldAgain,
    isQuiet: () => readers === 0,
    output: () => {
      const text = written.join('\n');
      written = [];
      return text;
    },
    close: async () => {
      await service.close();
      await close(bkJob);
    },
  };
}

/** Has somebody else hear what is said of calls and of the cache. */
function heardBy(
  observer: UpstreamObserver,
  other: Pick<UpstreamObserver, 'callEnded' | 'cacheLookedUp'>,
): UpstreamObserver {
  return {
    ...observer,
    callEnded: (call) => {
      observer.callEnded(call);
      other.callEnded(call);
    },
    cacheLookedUp: (...lookup) => {
      observer.cacheLookedUp(...lookup);
      other.cacheLookedUp(...lookup);
    },
  };
}

/** What is not as usual before a way in by HTTP. */
export interface HttpOptions {
  readonly putBetween?: PutBetween;
  readonly cache?: ReadCacheOptions;
}

/** By HTTP, on connections that callers share, to the whole service before a bk-job over sockets. */
export function byHttp(carry: Carry, { putBetween, cache }: HttpOptions = {}): OpenWay {
  return async (calls) => {
    const service = await startBefore(calls, cache);
    const { origin, pathname } = new URL(service.graphqlUrl);
    const between = await putBetween?.(origin);
    const pool = new Pool(between?.origin ?? origin, { connections: connectionsOfClients });
    return {
      ...service,
      inTransit: true,
      ask: async (request) => {
        const { query = '', headers: own, until, ...carried } = carry(request);
        const { statusCode, headers, body } = await pool.request({
          ...carried,
          path: `${pathname}${query}`,
          headers: { ...own, ...headersOf(request.persona, request.signIn) },
          signal: request.signal,
        });
        return `${String(statusCode)} ${JSON.stringify(headers)} ${await readUntil(body, until)}`;
      },
      [Symbol.asyncDispose]: async () => {
        await pool.destroy();
        await between?.[Symbol.asyncDispose]();
        await service.close();
      },
    };
  };
}

/** Leaves where more than that is coming. */
async function readUntil(body: AsyncIterable<Uint8Array>, until: RegExp | undefined): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) {
    chunks.push(chunk);
    if (until?.test(Buffer.concat(chunks).toString()) === true) break;
  }
  return Buffer.concat(chunks).toString();
}

function environmentFor(
  bkJobOrigin: string,
  cache: ReadCacheOptions | null,
): Readonly<Record<string, string>> {
  return {
    BKJOB_GQL__SERVER__PORT: '0',
    BKJOB_GQL__SERVER__ALLOWED_ORIGINS: pageOrigin,
    BKJOB_GQL__SHUTDOWN__WEBSOCKET_DRAIN_WINDOW: '0',
    BKJOB_GQL__SUBSCRIPTION__POLL__MAX_POLLS_PER_SECOND: '100000',
    BKJOB_GQL__SUBSCRIPTION__WEBSOCKET__MAX_MESSAGES_PER_SECOND: '10000',
    BKJOB_GQL__TRAFFIC_SHAPING__UPSTREAM__RETRY__BASE: '1ms',
    // How much is refused while bk-job is spared, and shows nothing, depends on how fast the machine is. The ways in
    // process, which have a clock of their own, try that.
    BKJOB_GQL__TRAFFIC_SHAPING__UPSTREAM__CIRCUIT_BREAKER__REQUEST_THRESHOLD: '1000000',
    BKJOB_GQL__UPSTREAM__KIND: 'apigw-v3',
    BKJOB_GQL__UPSTREAM__BASE_URL: `${bkJobOrigin}/api/bk-job`,
    BKJOB_GQL__UPSTREAM__APP_CODE: 'demo_app',
    BKJOB_GQL__UPSTREAM__APP_SECRET: 'demo_secret',
    ...(cache !== null && {
      BKJOB_GQL__CACHE__MEMORY__TTL: `${String(cache.ttl)}ms`,
      BKJOB_GQL__CACHE__MEMORY__TERMINAL_TTL: `${String(cache.terminalTtl)}ms`,
      BKJOB_GQL__CACHE__MEMORY__MAX_BYTES: String(cache.maxBytes),
    }),
  };
}

async function listenAsBkJob(calls: HeldCalls) {
  const server = createServer((request, response) => {
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    );
    void answerWith(response, calls.hold({ path: request.url ?? '', headers }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, origin: originOf(server) };
}

async function answerWith(response: ServerResponse, held: ReturnType<HeldCalls['hold']>): Promise<void> {
  const { status, headers, body } = await held;
  response.writeHead(status, headers).end(body);
}

/** Where a server of ours listens. */
export function originOf(server: Server): string {
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${String(port)}`;
}

/** Ends a server and all its connections. */
export async function close(server: Server): Promise<void> {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
}
