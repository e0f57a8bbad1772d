import { Client, type Dispatcher } from 'undici';
import { JobApiError } from '../domain/errors.ts';
import type { Exchange, ExchangeConnection } from './exchange.ts';
import { ConnectionIds } from './sent-ids.ts';
import type { UpstreamPoolStats } from './upstream-observer.ts';

/** A request, and who is told of its answer. */
interface Sending {
  readonly request: Dispatcher.DispatchOptions;
  readonly exchange: Exchange;
}

/** One of undici's connections, which it makes anew where it has broken. */
interface Connection extends ExchangeConnection {
  readonly client: Client;
}

/**
 * Connections to one origin, with one exchange on each. Undici's `Pool` does the same but for one thing: it does not tell
 * on which connection an answer came, and one that brought what cannot be the answer has to end. Those used last are used
 * again first, so that those that are not needed grow old and close.
 */
export class Connections {
  readonly #origin: string;
  readonly #options: Client.Options;
  readonly #max: number;
  readonly #all: Connection[] = [];
  readonly #idle: Connection[] = [];
  readonly #waiting: Sending[] = [];
  #closed: Promise<void> | null = null;
  #whenNoneWaits: (() => void) | null = null;

  /** Makes so many at most, each when it is needed. */
  constructor(origin: string, max: number, options: Client.Options) {
    this.#origin = origin;
    this.#max = max;
    this.#options = options;
  }

  /** Sends a request, at once or when a connection is free. Whatever undici refuses costs one of the connections for good. */
  dispatch(request: Dispatcher.DispatchOptions, exchange: Exchange): void {
    if (this.#closed !== null) exchange.giveUp(new JobApiError('UPSTREAM_UNAVAILABLE'));
    else {
      this.#waiting.push({ request, exchange });
      this.#sendNext();
    }
  }

  stats(): UpstreamPoolStats {
    const stats = { connected: 0, free: 0, pending: this.#waiting.length, running: 0 };
    for (const connection of this.#all) {
      const { connected, pending, running } = connection.client.stats;
      stats.connected += Number(connected);
      stats.free += Number(connected && this.#idle.includes(connection));
      stats.pending += pending;
      stats.running += running;
    }
    return stats;
  }

  /** Resolves when what was asked before is answered; takes no more. */
  close(): Promise<void> {
    this.#closed ??= this.#end();
    return this.#closed;
  }

  async #end(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#whenNoneWaits = resolve;
      this.#sendNext();
    });
    await Promise.all(this.#all.map(({ client }) => (client.destroyed ? client.destroy() : client.close())));
  }

  /** Sends what has waited longest of what somebody still waits for, if there is a connection. */
  #sendNext(): void {
    while (this.#waiting[0]?.exchange.isOver === true) this.#waiting.shift();
    const next = this.#waiting[0];
    const connection = next === undefined ? null : (this.#idle.pop() ?? this.#open());
    if (next !== undefined && connection !== null) {
      this.#waiting.shift();
      next.exchange.goesOn(connection);
      connection.client.dispatch(next.request, next.exchange);
    }
    if (this.#waiting.length === 0) this.#whenNoneWaits?.();
  }

  #open(): Connection | null {
    if (this.#all.length >= this.#max) return null;
    const client = new Client(this.#origin, this.#options);
    const connection: Connection = {
      client,
      ids: new ConnectionIds(),
      distrust: () => {
        this.#giveUp(connection);
      },
    };
    client.on('drain', () => {
      if (client.destroyed || this.#idle.includes(connection)) return;
      this.#idle.push(connection);
      this.#sendNext();
    });
    // Where the certificate is for another name, undici takes what was asked to run for ever.
    client.on('connectionError', connection.distrust);
    this.#all.push(connection);
    return connection;
  }

  /** Counts as long as its socket stands. */
  #giveUp(connection: Connection): void {
    const { client } = connection;
    if (client.destroyed) return;
    remove(this.#idle, connection);
    client.destroy(() => {
      remove(this.#all, connection);
      this.#sendNext();
    });
  }
}

function remove(list: Connection[], connection: Connection): void {
  const place = list.indexOf(connection);
  if (place !== -1) list.splice(place, 1);
}
