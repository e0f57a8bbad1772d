import { GraphQLError, OperationTypeNode, type ExecutionArgs, type GraphQLFormattedError } from 'graphql';
import type { Context as SocketContext } from 'graphql-ws';
import type { Identification } from '../../context/operation-context.ts';
import { JobApiError } from '../../domain/errors.ts';
import type { OperationPipeline } from '../../execution/operation-pipeline.ts';
import { toRefusedOperation } from '../../execution/refused-operation.ts';
import type { Frames } from '../../execution/subscriptions/frame.ts';
import type { RequestObserver, RequestTrace } from '../request-observer.ts';
import { frameMessage } from './message.ts';
import { SocketStream } from './socket-stream.ts';
import type { Socket } from './socket.ts';
import type { Starts } from './starts.ts';

/** What is known of a socket once its client has said who it is. */
export interface SocketState {
  readonly socket: Socket;
  /** What is asked for by the message that is being handed over. */
  asked: SubscribePayload | null;
  identification: Identification;
  /** Whether bk-job has said that nobody is signed in so any more. */
  isSignedOut: boolean;
  /** Counts it off among the sockets of its caller. */
  leave: () => void;
}

/** What a socket's first message says, of who is on it above all. */
export type FirstMessage = Record<string, unknown> | undefined;

/** A message that asks for an operation. */
export interface SubscribePayload {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

/** What operations of sockets work with. */
export interface SocketOperationsOptions {
  readonly pipeline: OperationPipeline;
  readonly starts: Starts;
  readonly observer: RequestObserver;
  readonly maxPerConnection: number;
}

/** An error in the form in which it leaves. */
class FormattedError extends GraphQLError {
  readonly #formatted: GraphQLFormattedError;

  constructor(formatted: GraphQLFormattedError) {
    super(formatted.message);
    this.#formatted = formatted;
  }

  override toJSON(): GraphQLFormattedError {
    return this.#formatted;
  }
}

/** An operation as its client asks for it. */
interface AskedOperation {
  readonly context: SocketContext<FirstMessage, SocketState>;
  readonly id: string;
  readonly payload: SubscribePayload;
}

/** Makes what admits the operations of sockets: what runs, or the errors with which it is refused. */
export function createSocketOperations(options: SocketOperationsOptions) {
  const { pipeline, starts, observer } = options;

  async function open(asked: AskedOperation, trace: RequestTrace): Promise<ExecutionArgs> {
    const { context, id, payload } = asked;
    const { identification, socket } = context.extra;
    if (Object.keys(context.subscriptions).length > options.maxPerConnection) {
      throw new JobApiError(
        'RATE_LIMITED',
        `At most ${String(options.maxPerConnection)} streams fit on one connection.`,
      );
    }
    starts.assertRoomFor(identification);
    const prepared = await pipeline.prepare(payload, identification);
    if (prepared.operation.operation !== OperationTypeNode.SUBSCRIPTION) {
      prepared.charge?.cancel();
      const text = 'Only subscriptions are answered here; ask everything else over HTTP.';
      throw new JobApiError('BAD_USER_INPUT', text);
    }
    if (identification === null || identification instanceof Error) throw new JobApiError('UNAUTHENTICATED');
    const name = prepared.operation.name?.value ?? null;
    trace.resolved({ kind: 'subscription', name });
    const frames = await starts.open({
      prepared,
      caller: identification,
      transport: 'websocket',
      nameBytes: Buffer.byteLength(id),
      connection: socket.webSocket,
    });
    trace.streams('websocket');
    return {
      schema: pipeline.schema,
      document: prepared.document,
      operationName: name,
      contextValue: streamOf(asked, { frames, trace }),
    };
  }

  return async (asked: AskedOperation): Promise<ExecutionArgs | readonly GraphQLError[]> => {
    const trace = beginTrace(observer, asked.context);
    try {
      return await open(asked, trace);
    } catch (thrown) {
      const { errors } = toRefusedOperation(thrown, (formatted, error) =>
        pipeline.formatError(formatted, error),
      );
      trace.answered(errors);
      trace.ended({ status: 200, complete: true });
      return errors.map((error) => new FormattedError(error));
    }
  };
}

function beginTrace(
  observer: RequestObserver,
  { extra: { socket, identification }, connectionParams: firstMessage }: AskedOperation['context'],
): RequestTrace {
  const { headers } = socket.request;
  const trace = observer.begin({ transport: 'websocket', headers, firstMessage });
  trace.identified(identification);
  return trace;
}

interface OpenedOperation {
  readonly frames: Frames;
  readonly trace: RequestTrace;
}

/** What sends the messages of an operation, and tells at its end what became of it. */
function streamOf(
  { context: { extra }, id }: AskedOperation,
  { frames, trace }: OpenedOperation,
): SocketStream {
  const { socket } = extra;
  const head = `{"id":${JSON.stringify(id)},"type":"next","payload":`;
  return new SocketStream(frames, {
    send: ({ bytes }) => socket.send(() => frameMessage(head, bytes, '}')),
    onEnd: ({ complete, errors }) => {
      extra.isSignedOut ||= errors.some(({ extensions }) => extensions?.['code'] === 'UNAUTHENTICATED');
      trace.answered(errors);
      trace.ended({ status: 200, complete: complete || socket.isClosing });
    },
  });
}
