import { toJobApiError } from '../domain/errors.ts';
import type { IpResults } from '../domain/ip-results.ts';
import type { StepIpResult } from '../domain/job-instance.ts';
import type { DividedWork } from '../event-loop/turns.ts';

/** How the hosts of a list are handed over. */
export interface Pace {
  readonly longWork: DividedWork;
  /** Aborted when nobody waits for them any more. */
  readonly signal: Pick<AbortSignal, 'aborted' | 'reason'>;
}

/** How many hosts are handed over before the time is looked at: a tenth of a millisecond. */
const hostsAtOnce = 8;

/**
 * A list of hosts for graphql-js, which takes 16 µs for a host with all its fields. graphql-js 16 goes through a list
 * without a pause, but waits for what is a promise in it: so each host is one, and comes in its turn.
 */
export class PacedIpResults {
  /** The same for whoever needs no pause. */
  readonly hosts: IpResults;
  readonly #pace: Pace;

  constructor(hosts: IpResults, pace: Pace) {
    this.hosts = hosts;
    this.#pace = pace;
  }

  *[Symbol.iterator](): Iterator<PendingHost> {
    const pending = Array.from(this.hosts.rows, () => new PendingHost());
    yield* pending;
    void this.#handOver(pending);
  }

  async #handOver(pending: readonly PendingHost[]): Promise<void> {
    const { longWork, signal } = this.#pace;
    for (const [index, host] of pending.entries()) {
      if (index % hostsAtOnce === 0 && longWork.isOver()) await longWork.next();
      try {
        if (signal.aborted) throw toJobApiError(signal.reason);
        // One that fails ends the list: nobody waits for the others.
        if (!host.come(this.hosts.at(index))) return;
      } catch (thrown) {
        host.fail(thrown);
        return;
      }
    }
  }
}

type Complete = (host: StepIpResult | undefined) => unknown;
type Handle = (error: unknown) => unknown;
type Settle = (value: unknown) => void;

const nothingAsked: Settle = () => undefined;

/**
 * A host that has not come yet: as much of a promise as graphql-js asks for, which says first what completes a host, and
 * then, of what came of that, what handles a failure. With promises it would have two made for each host at once, which
 * takes half as long again.
 */
class PendingHost {
  #complete: Complete = nothingAsked;
  #handle: Handle | undefined;
  #resolve = nothingAsked;
  #reject = nothingAsked;

  then(complete: Complete | undefined, handle?: Handle): PromiseLike<unknown> {
    if (complete !== undefined) {
      this.#complete = complete;
      return this as PromiseLike<unknown>;
    }
    this.#handle = handle;
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** False where it cannot be completed, nor be left out. */
  come(host: StepIpResult | undefined): boolean {
    try {
      const completed = this.#complete(host);
      if (completed instanceof Promise)
        completed.then(this.#resolve, (error: unknown) => {
          this.fail(error);
        });
      else this.#resolve(completed);
      return true;
    } catch (thrown) {
      return this.fail(thrown);
    }
  }

  fail(error: unknown): boolean {
    try {
      if (this.#handle === undefined) throw error;
      this.#resolve(this.#handle(error));
      return true;
    } catch (thrown) {
      this.#reject(thrown);
      return false;
    }
  }
}
