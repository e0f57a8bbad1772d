import type { ReadyPlan } from './write-answer.ts';

/** A plan, where it is found. */
export interface KeptPlan {
  readonly plan: ReadyPlan;
  /** Whether it was asked for since it was last looked at for whether it may go. */
  isUsed: boolean;
}

interface Entry {
  readonly kept: KeptPlan;
  readonly bytes: number;
  readonly forget: () => void;
}

/**
 * Bounds what plans of all operations take in memory, of which a plan may take more than its document does: fragments
 * are written out, and each way in which conditions are met has one. Those that nobody asked for lately go first.
 */
export class KeptPlans {
  readonly #maxBytes: number;
  readonly #entries = new Set<Entry>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Keeps a plan that takes so much, about, until it has to go: `forget` is called then. */
  keep(plan: ReadyPlan, bytes: number, forget: () => void): KeptPlan {
    const kept = { plan, isUsed: true };
    this.#entries.add({ kept, bytes, forget });
    this.#bytes += bytes;
    for (const oldest of this.#entries) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#entries.delete(oldest);
      // To have each put behind all others whenever it is asked for would take longer than to mark it.
      if (oldest.kept.isUsed) this.#putBehind(oldest);
      else this.#drop(oldest);
    }
    return kept;
  }

  #putBehind(entry: Entry): void {
    entry.kept.isUsed = false;
    this.#entries.add(entry);
  }

  #drop({ bytes, forget }: Entry): void {
    this.#bytes -= bytes;
    forget();
  }
}
