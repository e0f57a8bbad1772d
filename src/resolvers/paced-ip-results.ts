import { toJobApiError } from '../domain/errors.ts';
import type { IpResults } from '../domain/ip-results.ts';
import type { StepIpResult } from '../domain/job-instance.ts';
import type { LongWork } from '../event-loop/turns.ts';

/** How the hosts of a list are handed over. */
export interface Pace {
  readonly longWork: LongWork;
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
        host.come(this.hosts.at(index));
      } catch (thrown) {
        // One that fails ends the list: nobody waits for the others.
        host.fail(thrown);
        return;
      }
    }
  }
}

/** A host that has not come yet: what graphql-js needs of a promise, and no promise, since it makes two of each. */
class PendingHost {
  come: (host: StepIpResult | undefined) => void = () => undefined;
  fail: (error: unknown) => void = () => undefined;

  then(onCome: (host: StepIpResult | undefined) => unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.fail = reject;
      this.come = (host) => {
        resolve(onCome(host));
      };
    });
  }
}
