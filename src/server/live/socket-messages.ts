import {
  MessageType,
  parseMessage,
  stringifyMessage,
  type CompleteMessage,
  type Message,
  type SubscribeMessage,
} from 'graphql-ws';
import type { RawData } from 'ws';
import { toExactJson } from '../exact-json-body.ts';
import { Refusal } from '../refusals.ts';
import type { SocketState } from './socket-operations.ts';
import { closeCodes, type Socket } from './socket.ts';

/** What messages are handed over with. */
export interface SocketMessagesOptions {
  readonly socket: Pick<Socket, 'webSocket' | 'close'>;
  readonly state: Pick<SocketState, 'asked'>;
  /** Has the library that speaks the protocol handle a message. Resolves when all that it asked for is over. */
  readonly handle: (message: string) => Promise<void>;
  /** Is told of a fault of this service. */
  readonly report: (error: unknown) => void;
}

/** An operation by a name that its client has given to it. */
interface NamedOperation {
  /** Whether its client has ended it, and may give the name to another one. */
  isLeft: boolean;
  /** The other one, which begins when this one is over. */
  next: SubscribeMessage | null;
}

/**
 * Hands the messages of one client to the library that speaks the protocol.
 *
 * It knows a running operation by its name alone, and lets a name be used again as soon as its client has ended the
 * operation: where that has not begun yet, or not come to its end, it would know one of two, and end one of two with the
 * socket. So the second one waits here. It also keeps a message for as long as its operation lasts: so it is handed the
 * name, and nothing else that it says.
 */
export class SocketMessages {
  readonly #options: SocketMessagesOptions;
  readonly #operations = new Map<string, NamedOperation>();

  constructor(options: SocketMessagesOptions) {
    this.#options = options;
  }

  take(data: RawData): void {
    const message = readMessage(data);
    if (typeof message === 'string') this.#options.socket.close(closeCodes.badMessage, message);
    else if (message.type === MessageType.Subscribe) this.#subscribe(message);
    else if (message.type === MessageType.Complete) this.#complete(message);
    else void this.#handOver(message);
  }

  #subscribe(message: SubscribeMessage): void {
    const { id } = message;
    const running = this.#operations.get(id);
    if (running === undefined) this.#begin(message);
    else if (running.isLeft && running.next === null) running.next = message;
    else this.#options.socket.close(closeCodes.nameTaken, `Subscriber for ${id} already exists`);
  }

  /** Nothing here may keep the message. */
  #begin({ id, type, payload }: SubscribeMessage): void {
    const operation: NamedOperation = { isLeft: false, next: null };
    this.#operations.set(id, operation);
    const { state } = this.#options;
    // It is asked for before this comes back.
    state.asked = payload;
    const over = this.#handOver({ id, type, payload: { query: '' } });
    state.asked = null;
    void over.then(() => {
      this.#operations.delete(id);
      const { webSocket } = this.#options.socket;
      if (operation.next !== null && webSocket.readyState === webSocket.OPEN) this.#begin(operation.next);
    });
  }

  #complete(message: CompleteMessage): void {
    const operation = this.#operations.get(message.id);
    if (operation === undefined) return;
    operation.next = null;
    if (operation.isLeft) return;
    operation.isLeft = true;
    void this.#handOver(message);
  }

  async #handOver(message: Message): Promise<void> {
    const { handle, report, socket } = this.#options;
    try {
      await handle(stringifyMessage(message));
    } catch (thrown) {
      report(thrown);
      socket.close(closeCodes.internalError, 'Internal error');
    }
  }
}

/** What only servers say. The library throws where it is told it. */
const ofServers: ReadonlySet<MessageType> = new Set([
  MessageType.ConnectionAck,
  MessageType.Next,
  MessageType.Error,
]);

const invalid = 'Invalid message received';

/** A message that a client may send, or why it is none. It comes in one piece, since nothing else was asked for. */
function readMessage(data: RawData): Message | string {
  const text = Buffer.isBuffer(data) ? toExactJson(data) : '';
  if (text instanceof Refusal) return 'Too much, or too deep';
  try {
    const message = parseMessage(text);
    return ofServers.has(message.type) ? invalid : message;
  } catch {
    return invalid;
  }
}
