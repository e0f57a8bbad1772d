import type { UserProof } from '../domain/caller.ts';

/** Everything that an operator can set, checked. Durations are milliseconds, sizes bytes. */
export interface Settings {
  readonly server: ServerSettings;
  readonly upstream: UpstreamSettings;
  readonly links: LinkSettings;
  readonly schema: {
    /** Whether the schema has `Query.node`; a supergraph can have only one. */
    readonly node: boolean;
    /** Whether it has `Subscription`: where jobs cannot be followed it does not. */
    readonly subscription: boolean;
  };
  readonly simulator: { readonly port: number; readonly seed: number };
  readonly identity: {
    /** Who asks where no credential came; set with the embedded upstream only. */
    readonly guestProof: UserProof | null;
  };
  readonly limits: {
    readonly maxRequestBytes: number;
    /** Headers of a request. */
    readonly maxRequestHeaders: number;
    /** Bytes of its head. */
    readonly maxHeaderBytes: number;
    /** Bytes of a document. */
    readonly maxDocumentBytes: number;
    /** Tokens of a document, and its lines. */
    readonly parserMaxTokens: number;
    /** Price of an operation. */
    readonly maxCost: number;
  };
  /** Null where nothing that was read is told a second time. */
  readonly cache: CacheSettings | null;
  readonly trafficShaping: TrafficSettings;
  readonly demandControl: {
    /** What one caller may spend; null where there is no limit. */
    readonly perIdentity: { readonly capacity: number; readonly refillPerSecond: number } | null;
  };
  readonly healthCheck: HealthCheckSettings;
  readonly subscription: SubscriptionSettings;
  readonly shutdown: { readonly drainDelay: number; readonly gracePeriod: number };
  readonly telemetry: {
    /** `listen` is null where metrics are read nowhere. */
    readonly metrics: { readonly listen: ListenAddress | null; readonly path: string };
  };
  readonly log: {
    readonly level: LogLevel;
    /** Bytes that may wait where nobody takes them. */
    readonly buffer: number;
  };
}

/** An address to listen on; port 0 takes a free one. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

export interface ServerSettings {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly allowedOrigins: readonly string[];
  /** Whether queries may stand in a URL. */
  readonly allowGet: boolean;
  readonly connections: ConnectionSettings;
  readonly introspection: boolean;
  readonly sandbox: boolean;
  readonly graphiql: boolean;
  readonly graphiqlPath: string;
  readonly watch: boolean;
  readonly watchPath: string;
}

/** What a client's connection may take. */
export interface ConnectionSettings {
  readonly headerReadTimeout: number;
  readonly requestReadTimeout: number;
  readonly writeStallTimeout: number;
  readonly keepAliveTimeout: number;
  readonly maxConnections: number;
}

/** How long and how much of what was read is kept for whoever read it. */
export interface CacheSettings {
  readonly ttl: number;
  /** For jobs that are over and cannot run again, as two reads have said. */
  readonly terminalTtl: number;
  readonly maxBytes: number;
}

/** How much at a time, and how long, clients may ask, and how what fails is dealt with. */
export interface TrafficSettings {
  /** Time for one request. */
  readonly timeout: number;
  readonly retry: RetrySettings;
  readonly circuitBreaker: CircuitBreakerSettings;
  readonly concurrencyLimit: number;
  readonly perIdentityConcurrency: number;
  readonly queue: { readonly max: number; readonly maxWait: number };
  readonly adaptive: { readonly enabled: boolean; readonly min: number };
  readonly maxEventLoopLag: number;
}

/** What balancers are told, and where. */
export interface HealthCheckSettings {
  /** Null where health is told where GraphQL is. */
  readonly listen: ListenAddress | null;
  readonly path: string;
  readonly readiness: { readonly allowed: number; readonly sampling: number; readonly unready: number };
}

/** How much and how long bk-job may be asked, whichever it is. */
export interface UpstreamLimits {
  readonly scopeParameters: 'scope' | 'bk_biz_id';
  readonly connectTimeout: number;
  readonly timeout: number;
  readonly hostDetailTimeout: number;
  readonly maxResponseBytes: number;
  readonly maxInflightResponseBytes: number;
  readonly maxHeldHostBytes: number;
  readonly connections: number;
  readonly hostDetailConnections: number;
  readonly maxQueuedReads: number;
  readonly maxParallelReads: number;
}

/** How often a read is tried again, and how many may be. */
export interface RetrySettings {
  readonly maxAttempts: number;
  readonly base: number;
  readonly max: number;
  readonly budgetPercent: number;
  readonly budgetMinPerSecond: number;
}

/** When bk-job is left alone. */
export interface CircuitBreakerSettings {
  readonly rollingDuration: number;
  readonly requestThreshold: number;
  readonly callerThreshold: number;
  /** Share of failures, from 0 to 1. */
  readonly errorThreshold: number;
  readonly sleepWindow: number;
}

interface PlatformSettings extends UpstreamLimits {
  readonly baseUrl: string;
  readonly appCode: string;
  readonly appSecret: string;
}

/** Which bk-job is asked, and how. */
export type UpstreamSettings =
  | (UpstreamLimits & { readonly kind: 'embedded' })
  | (PlatformSettings & { readonly kind: 'esb'; readonly esbCredentials: 'body' | 'header' })
  /** `baseUrl` includes the stage. */
  | (PlatformSettings & { readonly kind: 'apigw-v3' });

/** Following jobs. */
export interface SubscriptionSettings {
  readonly enabled: boolean;
  readonly maxOpened: number;
  readonly maxPerConnection: number;
  readonly maxPerIdentity: number;
  readonly maxAskedBytes: number;
  readonly maxHeldBytes: number;
  /** Over how long those who follow are told to connect elsewhere when the service ends. */
  readonly drainWindow: number;
  readonly poll: {
    readonly maxPollsPerSecond: number;
    readonly largeJobHosts: number;
    readonly largeJobMinInterval: number;
  };
  readonly websocket: {
    readonly path: string;
    readonly maxPayload: number;
    readonly maxAge: number;
    readonly connectionInitTimeout: number;
    readonly keepAlive: number;
    readonly maxMessagesPerSecond: number;
    readonly writeStallTimeout: number;
    readonly maxBufferedBytes: number;
  };
}

export interface LinkSettings {
  readonly jobWebUrl: string | null;
  readonly permissionApplyUrl: string | null;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** Settings that cannot be. The message lists every fault, a line each, by name and without any secret's value. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.faults = faults;
  }
}
