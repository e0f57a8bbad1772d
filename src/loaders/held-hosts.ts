import { memoryOfHosts } from '../domain/create-job-instance.ts';
import type { IpResultTable } from '../domain/ip-results.ts';
import type { HeldHostsObserver } from './held-hosts-observer.ts';

/**
 * What one caller's operations may hold of it: enough for all hosts that one of them may read, and not so much that
 * nobody else could read any.
 */
const callerShare = 3 / 4;

interface HeldTable {
  readonly bytes: number;
  /** How many operations hold it: equal reads of one caller share one. */
  operations: number;
}

/** Memory that is taken by hosts which running operations hold, of all operations of a process together. */
export class HeldHosts {
  readonly #max: number;
  readonly #observer: HeldHostsObserver;
  #taken = 0;
  readonly #tables = new Map<IpResultTable, HeldTable>();
  readonly #takenByCaller = new Map<string, number>();

  constructor(maxBytes: number, observer: HeldHostsObserver) {
    this.#max = maxBytes;
    this.#observer = observer;
    observer.gaugeOpened(() => this.#taken);
  }

  /** Bytes that one caller's operations may hold, unless it is of one job and nothing else is held. */
  get mostOfCaller(): number {
    return this.#max * callerShare;
  }

  /** Bytes that are taken. */
  get taken(): number {
    return this.#taken;
  }

  /** Counts hosts that an operation holds from now on; false where there is no room for them. */
  hold(table: IpResultTable, account: string): boolean {
    const held = this.#tables.get(table);
    if (held !== undefined) {
      held.operations += 1;
      return true;
    }
    const bytes = memoryOfHosts(table);
    if (!this.#hasRoom(bytes, account)) {
      this.#observer.refused();
      return false;
    }
    this.#tables.set(table, { bytes, operations: 1 });
    this.#count(account, bytes);
    return true;
  }

  /** One operation that holds them does so no more. */
  giveBack(table: IpResultTable, account: string): void {
    const held = this.#tables.get(table);
    if (held === undefined) return;
    held.operations -= 1;
    if (held.operations > 0) return;
    this.#tables.delete(table);
    this.#count(account, -held.bytes);
  }

  /** A job that is too large beside others is not too large for good. */
  #hasRoom(bytes: number, account: string): boolean {
    const ofCaller = this.#takenByCaller.get(account) ?? 0;
    if (this.#taken > 0 && this.#taken + bytes > this.#max) return false;
    return ofCaller === 0 || ofCaller + bytes <= this.mostOfCaller;
  }

  #count(account: string, bytes: number): void {
    this.#taken += bytes;
    const ofCaller = (this.#takenByCaller.get(account) ?? 0) + bytes;
    if (ofCaller === 0) this.#takenByCaller.delete(account);
    else this.#takenByCaller.set(account, ofCaller);
  }
}
