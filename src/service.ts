import { randomBytes } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import type { FastifyInstance } from 'fastify';
import { listening } from './cannot-listen.ts';
import type { ListenAddress, Settings } from './config/settings.ts';
import { createLookAhead } from './execution/look-ahead.ts';
import { createOperationPipeline, type PipelineOptions } from './execution/operation-pipeline.ts';
import { createExecutableSchema } from './execution/schema.ts';
import { createIdentity } from './identity/identity.ts';
import { connectionSettings } from './open-files.ts';
import { followJobs, toLiveOptions } from './live-options.ts';
import { HeldHosts } from './loaders/held-hosts.ts';
import { createServer, type ServerOptions } from './server/create-server.ts';
import { createAdmissionControl } from './server/admission/admission-control.ts';
import { createCostBuckets } from './server/admission/cost-buckets.ts';
import { answerHealth, startHealthServer, type HealthOptions } from './server/health.ts';
import { startMetricsServer } from './server/metrics-server.ts';
import type { SideServer } from './server/side-server.ts';
import { startSimulator, type Simulator } from './simulator/index.ts';
import { createTelemetry, type Telemetry } from './telemetry/telemetry.ts';
import { toUpstreamOptions } from './upstream-options.ts';
import { createUpstream, type Upstream } from './upstream/upstream.ts';

/** A service that listens. */
export interface RunningService {
  /** Address of the GraphQL endpoint. */
  readonly graphqlUrl: string;
  /** Address of the IDE that needs no network; null where it is off. */
  readonly graphiqlUrl: string | null;
  /** Address of the page that follows a job; null where it is off. */
  readonly watchUrl: string | null;
  /** The embedded bk-job; null where a real one is asked. */
  readonly simulator: Simulator | null;
  /** Address that tells health. */
  readonly healthUrl: string;
  /** Address at which metrics are read; null where they are not. */
  readonly metricsUrl: string | null;
  /** Says from now on that no more requests are wanted, and still answers those that come. */
  stopBeingReady(): void;
  /** Stops accepting, finishes what is under way, closes the upstream. */
  close(): Promise<void>;
  /**
   * Once it closes, ends clients that are late: with their requests, to take their answers, or to leave when they were
   * told to go on elsewhere.
   * False where anything else is waited for.
   */
  endLateClients(): boolean;
}

/** What the service needs from outside beside its settings. */
export interface ServiceOptions {
  /** Is told of every fault of this service itself. */
  readonly report: (error: unknown) => void;
  /** Is told of everything that happens; left out where nobody looks. */
  readonly telemetry?: Omit<Telemetry, 'log'>;
}

/** Composes the whole service from its settings and starts it. Rejects, with nothing left open, where it cannot listen. */
export async function startService(settings: Settings, options: ServiceOptions): Promise<RunningService> {
  const simulator = settings.upstream.kind === 'embedded' ? await startEmbedded(settings.simulator) : null;
  const { telemetry = createSilentTelemetry(), report } = options;
  const upstreamOptions = toUpstreamOptions(settings, simulator?.url ?? null);
  const jobApi = createUpstream(upstreamOptions, { observer: telemetry.upstream });
  try {
    return await listen({ telemetry, report, settings, simulator, jobApi });
  } catch (error) {
    await Promise.all([jobApi.close(), simulator?.close()]);
    throw error;
  }
}

/** Telemetry that is counted and seen by nobody. */
function createSilentTelemetry(): Telemetry {
  const destination = { write: () => undefined };
  return createTelemetry({ level: 'silent', destination, secrets: [], ofProcess: false });
}

/**
 * Connections that may wait to be accepted, of which Node accepts one in each turn of its event loop. What is beyond is
 * dropped by the system, and whoever it is tries again after a second, then three, then seven.
 */
const backlog = 4096;

/** Bytes for answers that wait for their clients, however little there is for hosts: some of the longest. */
const leastForUntaken = 16 * 1024 ** 2;

interface Parts extends Required<ServiceOptions> {
  readonly settings: Settings;
  readonly simulator: Simulator | null;
  readonly jobApi: Upstream;
}

async function listen(parts: Parts): Promise<RunningService> {
  const { settings, simulator, jobApi } = parts;
  const { server, healthCheck } = settings;
  let isWanted = true;
  const control = createAdmissionControl({
    ...settings.trafficShaping,
    readiness: healthCheck.readiness,
    observer: parts.telemetry.admission,
  });
  const health = { path: healthCheck.path, isReady: () => isWanted && control.isReady() };
  const entrance = { admission: control.admission, health, isEnding: () => !isWanted };
  const app = await createServer(toServerOptions(parts, entrance));
  let healthServer: SideServer | null = null;
  let metrics: SideServer | null = null;
  const close = async (): Promise<void> => {
    await app.close();
    // To the last, whoever asks is told.
    await Promise.all([healthServer?.close(), metrics?.close()]);
    control.stop();
  };
  try {
    if (healthCheck.listen !== null) healthServer = await startHealth(health, healthCheck.listen);
    metrics = await startMetrics(parts, health);
    const origin = await listening('server', server, listenTo(app, server));
    control.begin();
    return {
      graphqlUrl: `${origin}${server.path}`,
      graphiqlUrl: server.graphiql ? `${origin}${server.graphiqlPath}` : null,
      watchUrl: server.watch ? `${origin}${server.watchPath}` : null,
      healthUrl: healthServer?.url ?? `${origin}${healthCheck.path}`,
      metricsUrl: metrics?.url ?? null,
      simulator,
      stopBeingReady: () => {
        isWanted = false;
      },
      close: async () => {
        await close();
        await Promise.all([jobApi.close(), simulator?.close()]);
      },
      endLateClients: () => app.endLateClients(),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function listenTo(app: FastifyInstance, { host, port }: ListenAddress): Promise<string> {
  return app.listen({ host: await oneAddressOf(host), port, backlog });
}

/**
 * Fastify listens on all addresses of `localhost`, on all but the first by servers that it makes itself: nobody counts
 * their connections, holds their clients to any time, or ends them in order.
 */
async function oneAddressOf(host: string): Promise<string> {
  if (host !== 'localhost') return host;
  const { address } = await lookup(host, { verbatim: false });
  return address;
}

/** What decides who may come in. */
interface Entrance extends Pick<ServerOptions, 'admission' | 'isEnding'> {
  readonly health: HealthOptions;
}

function startEmbedded(options: Settings['simulator']): Promise<Simulator> {
  return listening('simulator', { host: '127.0.0.1', port: options.port }, startSimulator(options));
}

function startHealth(health: HealthOptions, listen: ListenAddress): Promise<SideServer> {
  return listening('health', listen, startHealthServer(health, listen));
}

function startMetrics({ settings, telemetry }: Parts, health: HealthOptions): Promise<SideServer> | null {
  const { listen, path } = settings.telemetry.metrics;
  if (listen === null) return null;
  const server = startMetricsServer({
    ...listen,
    path,
    answerHealth: (request, response) => answerHealth(request, response, health),
    page: () => telemetry.metricsPage(),
  });
  return listening('metrics', listen, server);
}

function toServerOptions(parts: Parts, entrance: Entrance): ServerOptions {
  const { settings, report, telemetry, simulator, jobApi } = parts;
  const { server, upstream, links, limits, subscription } = settings;
  const schema = createExecutableSchema(settings.schema);
  return {
    pipeline: createOperationPipeline({ ...toPipelineOptions(parts), schema }),
    identity: createIdentity({
      allowedOrigins: server.allowedOrigins,
      fingerprintKey: randomBytes(32),
      guestProof: settings.identity.guestProof,
    }),
    operations: {
      jobApi,
      liveJobs: followJobs(jobApi, subscription, telemetry),
      lookAhead: createLookAhead(schema),
      maxParallelReads: upstream.maxParallelReads,
      heldHosts: new HeldHosts(upstream.maxHeldHostBytes, telemetry.heldHosts),
      jobWebUrl: links.jobWebUrl,
      report,
    },
    live: toLiveOptions(subscription, telemetry),
    path: server.path,
    maxRequestBytes: limits.maxRequestBytes,
    allowedOrigins: server.allowedOrigins,
    allowGet: server.allowGet,
    time: { timeout: settings.trafficShaping.timeout, gracePeriod: settings.shutdown.gracePeriod },
    connections: connectionSettings(settings),
    // Half as much as for what is under way: of 512 MiB hosts take 256 then, and answers that nobody takes 128.
    maxUntakenBytes: Math.max(upstream.maxHeldHostBytes / 2, leastForUntaken),
    sandbox: server.sandbox,
    graphiqlPath: server.graphiql ? server.graphiqlPath : null,
    watchPath: server.watch ? server.watchPath : null,
    embeddedUpstream: simulator !== null,
    limits,
    ...entrance,
    health: settings.healthCheck.listen === null ? entrance.health : null,
    observer: telemetry.requests,
    report,
  };
}

function toPipelineOptions({ settings, report, telemetry }: Parts): Omit<PipelineOptions, 'schema'> {
  const { perIdentity } = settings.demandControl;
  return {
    introspection: settings.server.introspection,
    limits: settings.limits,
    spending: perIdentity === null ? undefined : createCostBuckets(perIdentity, () => performance.now()),
    observer: telemetry.execution,
    report,
  };
}
