import { GraphQLError, OperationTypeNode, type ExecutionArgs, type GraphQLFormattedError } from 'graphql';
import type { Context as SocketContext } from 'graphql-ws';
import type { Identification } from '../../context/operation-context.ts';
import { JobApiError, type JobApiErrorCode } from '../../domain/errors.ts';
import { toRefusal } from '../../execution/format-error.ts';
import type { OperationPipeline, PreparedOperation } from '../../execution/operation-pipeline.ts';
import { RefusedOperation } from '../../execution/refused-operation.ts';
import type { Subscriptions } from '../../execution/subscriptions/subscriptions.ts';
import type { RequestObserver, RequestTrace } from '../request-observer.ts';
import type { Socket } from './socket.ts';

/** What is known of a socket once its client has said who it is. */
export interface SocketState {
  readonly socket: Socket;
  identification: Identification;
  /** Whether bk-job has said that nobody is signed in so any more. */
  isSignedOut: boolean;
  /** Counts it off among the sockets of its caller. */
  leave: () => void;
}

/** A message that asks for an operation. */
export interface SubscribePayload {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

/** What operations of sockets work with. */
export interface SocketOperationsOptions {
  readonly pipeline: OperationPipeline;
  readonly subscriptions: Subscriptions;
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

/** Makes what admits the operations of sockets: what runs, or the errors with which it is refused. */
export function createSocketOperations(options: SocketOperationsOptions) {
  const { pipeline, subscriptions, observer } = options;

  async function prepare(
    context: SocketContext<undefined, SocketState>,
    payload: SubscribePayload,
  ): Promise<PreparedOperation> {
    const { identification } = context.extra;
    if (Object.keys(context.subscriptions).length > options.maxPerConnection) {
      throw refuse(
        'RATE_LIMITED',
        `At most ${String(options.maxPerConnection)} streams fit on one connection.`,
      );
    }
    const prepared = await pipeline.prepare(payload, identification);
    if (prepared.operation.operation === OperationTypeNode.SUBSCRIPTION) return prepared;
    throw refuse('BAD_USER_INPUT', 'Only subscriptions are answered here; ask everything else over HTTP.');
  }

  function refuse(code: JobApiErrorCode, text?: string): RefusedOperation {
    const error = toRefusal(new JobApiError(code, text));
    return new RefusedOperation([pipeline.formatError(error.toJSON(), error)]);
  }

  return async (
    context: SocketContext<undefined, SocketState>,
    payload: SubscribePayload,
  ): Promise<ExecutionArgs | readonly GraphQLError[]> => {
    const { identification, socket } = context.extra;
    const trace = observer.begin({ transport: 'websocket', headers: socket.request.headers });
    trace.identified(identification);
    try {
      const prepared = await prepare(context, payload);
      if (identification === null || identification instanceof Error) throw refuse('UNAUTHENTICATED');
      const frames = subscriptions.open({ prepared, caller: identification, transport: 'websocket' });
      tell(trace, prepared, []);
      const { schema } = pipeline;
      return {
        schema,
        document: prepared.document,
        operationName: prepared.operation.name?.value ?? null,
        contextValue: frames,
      };
    } catch (thrown) {
      if (!(thrown instanceof RefusedOperation)) throw thrown;
      tell(trace, null, thrown.errors);
      return thrown.errors.map((error) => new FormattedError(error));
    }
  };
}

/** An operation of a socket is told of when it begins: it may last for hours. */
function tell(
  trace: RequestTrace,
  prepared: PreparedOperation | null,
  errors: readonly GraphQLFormattedError[],
): void {
  const kind = prepared === null ? null : OperationTypeNode.SUBSCRIPTION;
  trace.answered({ kind, name: prepared?.operation.name?.value ?? null, errors });
  trace.ended({ status: 200, complete: true });
}
