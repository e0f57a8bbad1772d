import type { Socket } from 'node:net';
import { finished } from 'node:stream';
import { OperationTypeNode } from 'graphql';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Identification } from '../../context/operation-context.ts';
import { JobApiError } from '../../domain/errors.ts';
import type {
  GraphqlRequest,
  OperationPipeline,
  PreparedOperation,
} from '../../execution/operation-pipeline.ts';
import { RefusedOperation } from '../../execution/refused-operation.ts';
import type { Frame } from '../../execution/subscriptions/frame.ts';
import { toExactParameter } from '../exact-json-url.ts';
import { assertNoPageCouldSend } from '../page-requests.ts';
import { Refusal } from '../refusals.ts';
import { closeInBatches } from './close-in-batches.ts';
import type { Followers } from './followers.ts';
import { HttpStream } from './http-stream.ts';
import type { Starts } from './starts.ts';
import { formatFor, type StreamFormat } from './stream-format.ts';

/** What streams over HTTP are made with. */
export interface StreamRouteOptions {
  readonly pipeline: OperationPipeline;
  readonly starts: Starts;
  readonly identify: (request: FastifyRequest) => Identification;
  /** Path of the GraphQL endpoint. */
  readonly path: string;
  /** Bytes of a body or URL that asks for a subscription. A stream keeps its variables for as long as it lasts. */
  readonly maxRequestBytes: number;
  /** Milliseconds between two signs of life. */
  readonly heartbeatInterval: number;
  /** Milliseconds over which streams are ended when the service ends. */
  readonly drainWindow: number;
}

/**
 * Answers subscriptions on the GraphQL endpoint where a client asks for a stream by its `accept`: server-sent events or
 * multipart. Everything else passes.
 */
export function registerStreams(app: FastifyInstance, options: StreamRouteOptions): Followers {
  const open = new Map<HttpStream, Socket>();
  let isClosing = false;
  function assertTaking(): void {
    if (isClosing) throw new Refusal(503, new JobApiError('UPSTREAM_UNAVAILABLE', 'The service is ending.'));
  }
  async function answer(asked: AskedStream): Promise<boolean> {
    const { request, reply, format } = asked;
    assertTaking();
    const stream = await openStream(asked, options);
    if (stream === null) return false;
    open.set(stream, request.raw.socket);
    // Later than the stream: what has been read of it may still wait for its client.
    finished(reply.raw, () => open.delete(stream));
    // Proxies that gather answers before they pass them on are asked not to.
    reply.headers({ 'content-type': format.contentType, 'x-accel-buffering': 'no' });
    void reply.send(stream);
    // It has waited for a place meanwhile.
    if (isClosing) stream.move();
    return true;
  }

  app.addHook('preHandler', (request, reply, done) => {
    const format = request.servedPath === options.path ? formatFor(request.headers.accept) : null;
    if (format === null) {
      done();
      return;
    }
    const asked = { request, reply, format };
    answer(asked).then(
      (isAnswered) => {
        if (!isAnswered) done();
      },
      (thrown: unknown) => {
        if (thrown instanceof RefusedOperation) refuse(asked, thrown);
        else done(thrown as Error);
      },
    );
  });
  return {
    refuse: () => {
      isClosing = true;
    },
    drain: () =>
      closeInBatches([...open.keys()], options.drainWindow, (stream) => {
        stream.move();
      }),
    cut: () => {
      for (const connection of open.values()) connection.destroy();
    },
  };
}

interface AskedStream {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly format: StreamFormat;
}

/** Null where what is asked for is no subscription. Rejects with what it is refused by. */
async function openStream(
  { request, reply, format }: AskedStream,
  options: StreamRouteOptions,
): Promise<HttpStream | null> {
  const { starts, identify, heartbeatInterval } = options;
  if (request.method === 'GET') assertNoPageCouldSend(request.headers);
  const caller = identify(request);
  const prepared = await prepareSubscription(request, caller, options);
  if (prepared === null) return null;
  // Whoever asks for a job has been admitted, so this is for types alone.
  if (caller === null || caller instanceof Error) throw new Refusal(401, new JobApiError('UNAUTHENTICATED'));
  request.trace?.resolved({ kind: 'subscription', name: prepared.operation.name?.value ?? null });
  const { transport } = format;
  const frames = await starts.open({ prepared, caller, transport, connection: reply.raw });
  const tell = ({ errors }: Pick<Frame, 'errors'>): void => {
    request.trace?.answered(errors);
  };
  request.trace?.streams(transport);
  tell({ errors: [] });
  return new HttpStream(frames, { format, heartbeatInterval, onLast: tell });
}

/** Null as above. By itself: what an async function has at hand, it holds while it waits. */
async function prepareSubscription(
  request: FastifyRequest,
  caller: Identification,
  { pipeline, maxRequestBytes }: StreamRouteOptions,
): Promise<PreparedOperation | null> {
  const asked = toGraphqlRequest(request);
  // What cannot be one is left to whoever answers it.
  if (asked?.query.includes('subscription') !== true) return null;
  const prepared = await pipeline.prepare(asked, caller);
  if (prepared.operation.operation !== OperationTypeNode.SUBSCRIPTION) {
    prepared.charge?.cancel();
    return null;
  }
  // Only now is it known to be no query, which may be larger.
  if (Math.max(request.bodyBytes, request.url.length) > maxRequestBytes) {
    prepared.charge?.cancel();
    throw new Refusal(413, `A subscription may be asked for by ${String(maxRequestBytes)} bytes.`);
  }
  // A stream may last for hours, and needs nothing more of it.
  request.body = undefined;
  return prepared;
}

function refuse({ request, reply }: AskedStream, { errors }: RefusedOperation): void {
  const codes = errors.map(({ extensions }) => extensions?.['code']);
  request.trace?.answered(errors);
  const status = codes.includes('UNAUTHENTICATED') ? 401 : codes.includes('RATE_LIMITED') ? 429 : 400;
  void reply.code(status).type('application/json; charset=utf-8').send(JSON.stringify({ errors }));
}

/** Null where there is no operation at all; whoever answers then says what is wrong. */
function toGraphqlRequest({ method, body, query }: FastifyRequest): GraphqlRequest | null {
  const parameters: unknown = method === 'POST' ? body : query;
  if (typeof parameters !== 'object' || parameters === null) return null;
  const members = Object.entries(parameters) as readonly (readonly [string, unknown])[];
  const asked = Object.fromEntries(members);
  const { query: text, operationName } = asked;
  if (typeof text !== 'string') return null;
  const variables = toVariables(asked['variables']);
  return { query: text, operationName: typeof operationName === 'string' ? operationName : null, variables };
}

/** In a URL they are JSON in text. */
function toVariables(value: unknown): Readonly<Record<string, unknown>> | null {
  const variables: unknown = typeof value === 'string' && value !== '' ? parseJson(value) : value;
  if (variables === undefined || variables === null || variables === '') return null;
  if (typeof variables === 'object' && !Array.isArray(variables)) return variables as Record<string, unknown>;
  throw new Refusal(400, 'The variables must be a JSON object.');
}

function parseJson(text: string): unknown {
  const exact = toExactParameter(text);
  try {
    return JSON.parse(exact);
  } catch {
    throw new Refusal(400, 'The variables must be a JSON object.');
  }
}
