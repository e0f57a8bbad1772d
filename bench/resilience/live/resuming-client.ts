import { setTimeout as pause } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { HistoryEvent, SeenState } from '../../../test/support/history-checker/history.ts';

/** What a client works with. */
export interface ResumingClientOptions {
  readonly url: string;
  readonly identity: string;
  readonly random: () => number;
  /** How likely it is with each message to cut its connection. */
  readonly dropRate: number;
  readonly nextStream: () => number;
  readonly record: (event: HistoryEvent) => void;
}

interface Known {
  readonly state: SeenState;
  readonly revision: string;
}

/** How one connection ended. */
type Outcome =
  | { readonly kind: 'completed' }
  | { readonly kind: 'left' }
  /** It was turned away, or the service never saw it. */
  | { readonly kind: 'refused' };

/** A client that follows one job to its end, on as many connections as that takes: it comes again with what it has. */
export class ResumingClient {
  readonly #options: ResumingClientOptions;
  /** Connections beyond the first of each job. */
  resumed = 0;
  /** Ends that it was told. */
  ends = 0;

  constructor(options: ResumingClientOptions) {
    this.#options = options;
  }

  /** Resolves when it was told that the job is over. */
  async follow(job: string): Promise<void> {
    let known: Known | null = null;
    for (;;) {
      const connection: Connection = new Connection(this.#options, job, known);
      const { kind } = await connection.outcome;
      if (connection.known?.state.finished === true && known?.state.finished !== true) this.ends += 1;
      known = connection.known;
      if (kind === 'completed') return;
      this.resumed += 1;
      await pause(50 + this.#options.random() * 450);
    }
  }
}

const query = `subscription ($job: ID!, $revision: String) {
  jobInstanceUpdated(scope: {bkBizId: 2}, jobInstanceId: $job, revision: $revision) { name finished revision }
}`;

interface Message {
  readonly type: string;
  readonly payload?: {
    readonly data?: {
      readonly jobInstanceUpdated: {
        readonly name: string;
        readonly finished: boolean;
        readonly revision: string;
      } | null;
    };
  };
}

/** One connection, with one stream of one job. */
class Connection {
  readonly outcome: Promise<Outcome>;
  known: Known | null;
  readonly #options: ResumingClientOptions;
  readonly #job: string;
  readonly #socket: WebSocket;
  #stream: number | null = null;
  #isOver = false;
  #end: (outcome: Outcome) => void = () => undefined;

  constructor(options: ResumingClientOptions, job: string, known: Known | null) {
    this.#options = options;
    this.#job = job;
    this.known = known;
    this.outcome = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.#socket = new WebSocket(options.url, 'graphql-transport-ws', { perMessageDeflate: false });
    this.#socket.on('open', () => {
      const payload = { 'X-Bkapi-Authorization': JSON.stringify({ bk_token: options.identity }) };
      this.#send({ type: 'connection_init', payload });
    });
    this.#socket.on('message', (data: Buffer) => {
      if (!this.#isOver) this.#take(JSON.parse(data.toString()) as Message);
    });
    this.#socket.on('error', () => undefined);
    this.#socket.on('close', () => {
      this.#finish(this.#stream === null ? 'refused' : 'left');
    });
  }

  #send(message: object): void {
    this.#socket.send(JSON.stringify(message));
  }

  #take({ type, payload }: Message): void {
    if (type === 'connection_ack') this.#subscribe();
    else if (type === 'complete') this.#finish('completed');
    else if (type === 'error') this.#finish('left');
    else if (type === 'next') this.#deliver(payload?.data?.jobInstanceUpdated ?? null);
  }

  #subscribe(): void {
    const { identity, nextStream, record } = this.#options;
    this.#stream = nextStream();
    const known = this.known?.state ?? null;
    record({ kind: 'opened', stream: this.#stream, identity, job: this.#job, known });
    const variables = { job: this.#job, revision: this.known?.revision ?? null };
    this.#send({ id: '1', type: 'subscribe', payload: { query, variables } });
  }

  #deliver(
    job: { readonly name: string; readonly finished: boolean; readonly revision: string } | null,
  ): void {
    const { record, random, dropRate } = this.#options;
    const [identity = '', version = '-1'] = job?.name.split(' ') ?? [];
    const state = { identity, job: this.#job, version: Number(version), finished: job?.finished ?? false };
    record({ kind: 'delivered', stream: this.#stream ?? -1, state });
    this.known = { state, revision: job?.revision ?? '' };
    if (random() < dropRate) this.#finish('left');
  }

  #finish(kind: Outcome['kind']): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (kind !== 'refused' && this.#stream !== null) {
      this.#options.record({ kind, stream: this.#stream });
    }
    this.#socket.terminate();
    this.#end({ kind });
  }
}
