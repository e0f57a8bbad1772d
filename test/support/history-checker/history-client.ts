import type { Frame, Frames } from '../../../src/execution/subscriptions/frame.ts';
import { payloadOf } from '../live/frame-payload.ts';
import type { HistoryEvent, SeenState } from './history.ts';

/** What a client works with. */
export interface HistoryClientOptions {
  readonly identity: string;
  readonly job: string;
  readonly random: () => number;
  /** How likely it is at each step to leave and to come again. */
  readonly dropRate: number;
  readonly nextStream: () => number;
  /** Opens a stream; `revision` is that of the newest state that the client has. */
  readonly open: (revision: string | null) => Promise<Frames>;
  readonly record: (event: HistoryEvent) => void;
}

/** A client that reads at its own pace, is cut off, comes again with what it has, and goes when it was told the end. */
export class HistoryClient {
  readonly #options: HistoryClientOptions;
  #frames: Frames | null = null;
  #stream = 0;
  #isBusy = false;
  #known: { readonly state: SeenState; readonly revision: string } | null = null;
  isDone = false;
  /** How often it was told the end. */
  ends = 0;

  constructor(options: HistoryClientOptions) {
    this.#options = options;
  }

  /** Does one thing or none. */
  step(): void {
    const { random, dropRate, record } = this.#options;
    if (this.isDone) return;
    if (this.#frames !== null && random() < dropRate) {
      record({ kind: 'left', stream: this.#stream });
      void this.#frames.return?.();
      this.#frames = null;
      this.#isBusy = false;
    } else if (!this.#isBusy && random() < 0.5) {
      this.#isBusy = true;
      void (this.#frames === null ? this.#open() : this.#read(this.#frames));
    }
  }

  async #open(): Promise<void> {
    const { identity, job, nextStream, record, open } = this.#options;
    this.#stream = nextStream();
    record({ kind: 'opened', stream: this.#stream, identity, job, known: this.#known?.state ?? null });
    this.#frames = await open(this.#known?.revision ?? null);
    this.#isBusy = false;
  }

  async #read(frames: Frames): Promise<void> {
    const stream = this.#stream;
    const { done, value } = await frames.next();
    // It has left meanwhile, and looks at nothing any more.
    if (this.#frames !== frames) return;
    this.#isBusy = false;
    if (done === true) {
      this.#options.record({ kind: 'completed', stream });
      this.isDone = true;
      return;
    }
    this.#take(stream, value);
  }

  #take(stream: number, frame: Frame): void {
    const payload = payloadOf(frame);
    const job = payload.data?.['jobInstanceUpdated'] as
      { readonly name: string; readonly finished: boolean; readonly revision: string } | null | undefined;
    if (job === null || job === undefined) throw new Error(JSON.stringify(payload));
    const [identity = '', version = ''] = job.name.split(' ');
    const state = { identity, job: this.#options.job, version: Number(version), finished: job.finished };
    this.#known = { state, revision: job.revision };
    if (job.finished) this.ends += 1;
    this.#options.record({ kind: 'delivered', stream, state });
  }
}
