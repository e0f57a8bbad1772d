import { z } from 'zod';
import { cacheModel } from './cache-model.ts';
import { notesOf, setting, type SettingNotes } from './setting.ts';
import { subscriptionModel } from './subscription-model.ts';
import { demandControlModel, healthCheckModel, trafficShapingModel } from './traffic-model.ts';
import {
  credential,
  duration,
  host,
  httpUrl,
  listenAddress,
  onOff,
  origins,
  pageUrl,
  size,
  urlPath,
  whole,
} from './value-types.ts';

const mebibyte = 1024 ** 2;
const hour = 3_600_000;
const offInProduction = 'on; off in production';

/** The one model of all settings: sections and names as they stand in a file. */
export const settingsModel = z.strictObject({
  server: z.strictObject({
    host: setting(host(), { meaning: 'Address to listen on.', fallback: '127.0.0.1' }),
    port: setting(whole({ min: 0, max: 65_535 }), {
      meaning: 'Port to listen on; 0 takes a free one. `PORT` alone sets it too.',
      fallback: '4000',
    }),
    path: setting(urlPath(), { meaning: 'Path of the GraphQL endpoint.', fallback: '/graphql' }),
    allowed_origins: setting(origins(), {
      meaning: 'Origins of pages that may read answers and sign in by cookie.',
      fallback: 'none',
    }),
    allow_get: setting(onOff(), {
      meaning: 'Whether queries may stand in a URL.',
      fallback: offInProduction,
    }),
    header_read_timeout: setting(duration({ min: 10, max: hour }), {
      meaning: 'Time for a connection, or the next request on it, to send all headers.',
      fallback: '15s; `request_read_timeout` if less',
    }),
    request_read_timeout: setting(duration({ min: 10, max: hour }), {
      meaning: 'Time for a whole request to arrive.',
      fallback: '30s',
    }),
    write_stall_timeout: setting(duration({ min: 10, max: hour }), {
      meaning: 'Time that a client may take nothing of its answer.',
      fallback: '30s',
    }),
    keep_alive_timeout: setting(duration({ min: 10, max: hour }), {
      meaning: 'Time that a connection is kept without a request; longer than a balancer in front keeps it.',
      fallback: '65s',
    }),
    max_connections: setting(whole({ min: 1, max: 1_000_000 }), {
      meaning: 'Connections of clients at most; or as many as there are files for, where those are fewer.',
      fallback: '15000',
    }),
    introspection: setting(onOff(), {
      meaning: 'Whether clients may ask for the schema.',
      fallback: offInProduction,
    }),
    sandbox: setting(onOff(), {
      meaning: 'Whether a browser at the endpoint gets Apollo Sandbox (needs the Internet).',
      fallback: offInProduction,
    }),
    graphiql: setting(onOff(), {
      meaning: 'Whether GraphiQL, which needs no network, is served.',
      fallback: offInProduction,
    }),
    graphiql_path: setting(urlPath(), { meaning: 'Path of GraphiQL.', fallback: '/graphiql' }),
    watch: setting(onOff(), {
      meaning: 'Whether the page that follows a job is served; off where `subscription.enabled` is.',
      fallback: offInProduction,
    }),
    watch_path: setting(urlPath(), { meaning: 'Path of the page that follows a job.', fallback: '/watch' }),
  }),
  upstream: z.strictObject({
    kind: setting(z.enum(['embedded', 'esb', 'apigw-v3'], 'must be embedded, esb or apigw-v3'), {
      meaning: 'Which bk-job: the embedded one, or one behind ESB or the API gateway (v3).',
      fallback: 'embedded; must be set in production',
    }),
    base_url: setting(httpUrl(), {
      meaning: 'Address of ESB, or of the API gateway without the stage.',
      fallback: 'none; required unless embedded',
    }),
    stage: setting(z.string('must be a text').regex(/^[\w-]{1,64}$/, 'must be the name of a stage'), {
      meaning: 'Stage of the API gateway (apigw-v3 only).',
      fallback: 'prod',
    }),
    app_code: setting(credential(), {
      meaning: 'Application that this service is to the platform (bk_app_code).',
      fallback: 'none; required unless embedded',
    }),
    app_secret: setting(credential(), {
      meaning: 'Its secret (bk_app_secret).',
      fallback: 'none; required unless embedded',
      secret: true,
    }),
    esb_credentials: setting(z.enum(['body', 'header'], 'must be body or header'), {
      meaning: 'Where credentials stand in requests to ESB, in the body or in a header (esb only).',
      fallback: 'body',
    }),
    scope_parameters: setting(z.enum(['scope', 'bk_biz_id'], 'must be scope or bk_biz_id'), {
      meaning:
        'How a business is named: bk_scope_type and bk_scope_id, or bk_biz_id as older releases want it.',
      fallback: 'scope',
    }),
    connect_timeout: setting(duration({ min: 10, max: hour }), {
      meaning: 'Time to connect.',
      fallback: '3s; that of a read if less',
    }),
    timeout: setting(duration({ min: 10, max: hour }), {
      meaning: 'Time for a read without hosts, from the wait for a connection to the last byte.',
      fallback: '10s',
    }),
    host_detail_timeout: setting(duration({ min: 10, max: hour }), {
      meaning: 'The same for a read with hosts.',
      fallback: '30s',
    }),
    max_response_bytes: setting(size({ min: 1024, max: 512 * mebibyte }), {
      meaning: 'Largest answer that is read.',
      fallback: '32MiB',
    }),
    max_inflight_response_bytes: setting(size({ min: 1024, max: 16 * 1024 * mebibyte }), {
      meaning: 'Largest sum of answers that are read at a time.',
      fallback: '256MiB; `max_response_bytes` if more',
    }),
    max_held_host_bytes: setting(size({ min: 1024, max: 16 * 1024 * mebibyte }), {
      meaning:
        'Memory of hosts that operations hold, three quarters of it per caller; half for untaken answers.',
      fallback: '256MiB',
    }),
    connections: setting(whole({ min: 1, max: 10_000 }), {
      meaning: 'Connections to bk-job at most, one for each read under way.',
      fallback: '64',
    }),
    host_detail_connections: setting(whole({ min: 1, max: 10_000 }), {
      meaning: 'How many of them may be reads with hosts, so that plain ones always find some.',
      fallback: '32; half of the connections',
    }),
    max_queued_reads: setting(whole({ min: 0, max: 1_000_000 }), {
      meaning: 'Reads that may wait for a connection, with hosts and without each; more are refused.',
      fallback: '1000',
    }),
    max_parallel_reads: setting(whole({ min: 1, max: 1000 }), {
      meaning: 'Reads of one operation that may be under way at a time.',
      fallback: '8',
    }),
  }),
  links: z.strictObject({
    job_web_url: setting(httpUrl(), {
      meaning: 'Address of the web client of bk-job, for `webUrl`.',
      fallback: 'none',
    }),
    permission_apply_url: setting(pageUrl(), {
      meaning: 'Page to apply for permissions at, for `permission.applyUrl`.',
      fallback: 'none',
    }),
  }),
  schema: z.strictObject({
    node: setting(onOff(), {
      meaning: 'Whether the schema has `Query.node`; off where another subgraph owns it.',
      fallback: 'on',
    }),
  }),
  simulator: z.strictObject({
    port: setting(whole({ min: 0, max: 65_535 }), {
      meaning: 'Port of the embedded bk-job; 0 takes a free one.',
      fallback: '0',
    }),
    seed: setting(whole({ min: 0, max: 2 ** 31 - 1 }), {
      meaning: 'Seed of the embedded world.',
      fallback: '1',
    }),
  }),
  limits: z.strictObject({
    http_max_request_bytes: setting(size({ min: 1024, max: 64 * mebibyte }), {
      meaning:
        'Largest request body; while they arrive, 64 of these or more of smaller ones are taken at a time.',
      fallback: '1MiB',
    }),
    http_max_request_headers: setting(whole({ min: 10, max: 10_000 }), {
      meaning: 'Headers that a request may have.',
      fallback: '100',
    }),
    max_header_bytes: setting(size({ min: 1024, max: mebibyte }), {
      meaning: 'Largest head of a request: its first line, with a query in it, and all headers.',
      fallback: '16KiB',
    }),
    max_document_bytes: setting(size({ min: 1, max: 64 * mebibyte }), {
      meaning: 'Largest document.',
      fallback: '64KiB',
    }),
    parser_max_tokens: setting(whole({ min: 1, max: 1_000_000 }), {
      meaning: 'Tokens that a document may have, and lines.',
      fallback: '1000',
    }),
  }),
  cache: cacheModel,
  traffic_shaping: trafficShapingModel,
  demand_control: demandControlModel,
  health_check: healthCheckModel,
  subscription: subscriptionModel,
  shutdown: z.strictObject({
    drain_delay: setting(duration({ min: 0, max: hour }), {
      meaning: 'Time between not being ready any more and accepting nothing more, for balancers to notice.',
      fallback: '0s',
    }),
    grace_period: setting(duration({ min: 0, max: hour }), {
      meaning: 'Time for what is under way when the service is told to end.',
      fallback: '20s',
    }),
    websocket_drain_window: setting(duration({ min: 0, max: hour }), {
      meaning:
        'Time over which those who follow jobs are told to connect elsewhere, then; part of `grace_period`.',
      fallback: '10s; half of `grace_period` if less',
    }),
  }),
  telemetry: z.strictObject({
    metrics: z.strictObject({
      listen: setting(listenAddress(), {
        meaning: 'Address and port on which Prometheus reads metrics; `off` for none.',
        fallback: 'off; 127.0.0.1:9090 in production',
      }),
      path: setting(urlPath(), { meaning: 'Path of the metrics there.', fallback: '/metrics' }),
    }),
  }),
  log: z.strictObject({
    level: setting(
      z.enum(['debug', 'info', 'warn', 'error', 'silent'], 'must be debug, info, warn, error or silent'),
      {
        meaning: 'Least severity that is logged: debug, info, warn, error, or silent for none.',
        fallback: 'info',
      },
    ),
    buffer: setting(size({ min: 64 * 1024, max: 64 * mebibyte }), {
      meaning: 'Lines that may wait where nobody takes the log; what is beyond is dropped and counted.',
      fallback: '4MiB',
    }),
  }),
});

/** Settings as they were found: what was not set is undefined. */
export type FoundSettings = z.output<typeof settingsModel>;

/** A setting as the reference lists it. */
export interface SettingReference extends SettingNotes {
  readonly variable: string;
  readonly path: string;
}

/** Every setting, in the order of the model. */
export function settingsReference(): readonly SettingReference[] {
  return referenceOf(settingsModel.shape, []);
}

function referenceOf(section: SectionModel, within: readonly string[]): readonly SettingReference[] {
  return Object.entries(section).flatMap(([name, schema]) => {
    const names = [...within, name];
    const path = names.join('.');
    const notes = notesOf(schema);
    if (notes !== undefined) return [{ variable: variableOf(path), path, ...notes }];
    return referenceOf(subsectionOf(section, name) ?? {}, names);
  });
}

/** Settings and sections of a section, by name. */
export type SectionModel = Readonly<Record<string, z.ZodType>>;

/** What stands in a section of this name; null where it is a setting, or nothing. */
export function subsectionOf(section: SectionModel, name: string): SectionModel | null {
  const schema = Object.hasOwn(section, name) ? section[name] : undefined;
  return schema instanceof z.ZodObject ? schema.shape : null;
}

/** The environment variable of a path in the file. */
export function variableOf(path: string): string {
  return `BKJOB_GQL__${path.replaceAll('.', '__').toUpperCase()}`;
}
