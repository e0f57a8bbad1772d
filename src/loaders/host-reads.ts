import { hostsOf, memoryOfHosts } from '../domain/create-job-instance.ts';
import { JobApiError, NoRoomForAnswer } from '../domain/errors.ts';
import { maxHostsOfOperation, tooManyHosts } from '../domain/host-limit.ts';
import type { IpResultTable } from '../domain/ip-results.ts';
import type { JobInstance } from '../domain/job-instance.ts';
import type { EndSignal } from '../upstream/job-api.ts';
import type { HeldHosts } from './held-hosts.ts';

/** Where hosts that an operation holds are counted with those of others, and for whom. */
export interface HostAccount {
  readonly heldHosts: HeldHosts;
  readonly account: string;
}

/** When an operation is over for whoever asked, and until when its hosts may come. */
export interface OperationSignal extends EndSignal {
  /**
   * Calls the listener when hosts that have not come are too late: there is still time to read their jobs without them.
   * At once where that is so already. Left out where nobody knows when time is over.
   */
  onHostsLate?(listener: () => void): void;
}

/**
 * What ends reads that are given up, but for those that are too late. No `RATE_LIMITED`: that would be taken for a word
 * of the gateway.
 */
const givenUp = new JobApiError('UPSTREAM_UNAVAILABLE', 'The operation reads no more hosts.');

/** When to ask again where others hold too many hosts, as for answers that are being read. Milliseconds. */
const retryAfter = 1000;

const once = { once: true } as const;

/**
 * The hosts of one operation, counted as they come. Beyond what it may read, or what there is room for, it reads none:
 * those under way would take memory for nothing, and this is the signal that ends them, as the one of the request does.
 */
export class HostReads implements EndSignal {
  readonly #request: OperationSignal | undefined;
  readonly #account: HostAccount | undefined;
  readonly #listeners: (() => void)[] = [];
  readonly #held: IpResultTable[] = [];
  #hostsLeft = maxHostsOfOperation;
  #refusal: JobApiError | null = null;
  /** What reads under way end with then. */
  #end = givenUp;
  #isReleased = false;

  constructor(request: OperationSignal | undefined, account: HostAccount | undefined) {
    this.#request = request;
    this.#account = account;
    request?.onHostsLate?.(() => {
      this.#endLate();
    });
  }

  /** Why no more hosts are read; null while they are. */
  get refusal(): JobApiError | null {
    return this.#refusal;
  }

  get aborted(): boolean {
    return this.#refusal !== null || this.#request?.aborted === true;
  }

  get reason(): unknown {
    return this.#request?.aborted === true ? this.#request.reason : this.#end;
  }

  addEventListener(type: 'abort', listener: () => void): void {
    this.#listeners.push(listener);
    this.#request?.addEventListener(type, listener, once);
  }

  removeEventListener(type: 'abort', listener: () => void): void {
    const at = this.#listeners.indexOf(listener);
    if (at !== -1) this.#listeners.splice(at, 1);
    this.#request?.removeEventListener(type, listener);
  }

  /** Why a job that failed so when it was read with hosts is told without them; null where it is not told at all. */
  refusalBy(error: JobApiError): JobApiError | null {
    if (error === this.#end) return this.#refusal;
    return error.cause instanceof NoRoomForAnswer ? error : null;
  }

  /** Counts the hosts of a job that was read. Why the operation may not have them, or null where it may. */
  charge(job: JobInstance): JobApiError | null {
    const table = hostsOf(job);
    if (table === undefined || table.rowCount === 0) return null;
    if (this.#refusal !== null) return this.#refusal;
    this.#hostsLeft -= table.rowCount;
    if (this.#hostsLeft < 0) this.#refuse(tooManyHosts());
    else this.#hold(table);
    return this.#refusal;
  }

  /** The operation holds no hosts any more. What comes late is nobody's: it is not counted. */
  release(): void {
    this.#isReleased = true;
    if (this.#account === undefined) return;
    const { heldHosts, account } = this.#account;
    for (const table of this.#held) heldHosts.giveBack(table, account);
    this.#held.length = 0;
  }

  /** A bk-job that is this slow has to be known as that, so they end as what is too late does. */
  #endLate(): void {
    if (this.#refusal !== null) return;
    this.#end = new JobApiError('UPSTREAM_TIMEOUT');
    this.#refuse(this.#end);
  }

  #hold(table: IpResultTable): void {
    if (this.#account === undefined || this.#isReleased) return;
    const { heldHosts, account } = this.#account;
    if (heldHosts.hold(table, account)) this.#held.push(table);
    else this.#refuse(this.#isTooMuchWith(table, heldHosts.mostOfCaller) ? tooManyHosts() : noRoom());
  }

  /** Whether there would be no room for its hosts with those that this operation holds, were there no others. */
  #isTooMuchWith(table: IpResultTable, most: number): boolean {
    if (this.#held.length === 0) return false;
    return this.#held.reduce((bytes, held) => bytes + memoryOfHosts(held), memoryOfHosts(table)) > most;
  }

  #refuse(refusal: JobApiError): void {
    this.#refusal = refusal;
    if (this.#request?.aborted === true) return;
    for (const listener of this.#listeners.splice(0)) {
      this.#request?.removeEventListener('abort', listener);
      listener();
    }
  }
}

function noRoom(): JobApiError {
  return new JobApiError('RATE_LIMITED', 'Too many large answers are being read.', { retryAfter });
}
