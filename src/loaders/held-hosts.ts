import { memoryOfHosts } from '../domain/create-job-instance.ts';
import type { IpResultTable } from '../domain/ip-results.ts';

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
  #taken = 0;
  readonly #tables = new Map<IpResultTable, HeldTable>();
  readonly #takenByCaller = new Map<string, number>();

  constructor(maxBytes: number) {
    this.#max = maxBytes;
  }

  /** Bytes that are taken. */
  get taken(): number {
    return this.#taken;
  }

  /** Counts hosts that an operation holds from now on; false where there is no room for them. */
  hold(table: IpResultTable, fingerprint: string): boolean {
    const held = this.#tables.get(table);
    if (held !== undefined) {
      held.operations += 1;
      return true;
    }
    const bytes = memoryOfHosts(table);
    const ofCaller = this.#takenByCaller.get(fingerprint) ?? 0;
    // A job that is too large beside others is not too large for good.
    if (this.#taken > 0 && this.#taken + bytes > this.#max) return false;
    if (ofCaller > 0 && ofCaller + bytes > this.#max * callerShare) return false;
    this.#tables.set(table, { bytes, operations: 1 });
    this.#count(fingerprint, bytes);
    return true;
  }

  /** One operation that holds them does so no more. */
  giveBack(table: IpResultTable, fingerprint: string): void {
    const held = this.#tables.get(table);
    if (held === undefined) return;
    held.operations -= 1;
    if (held.operations > 0) return;
    this.#tables.delete(table);
    this.#count(fingerprint, -held.bytes);
  }

  #count(fingerprint: string, bytes: number): void {
    this.#taken += bytes;
    const ofCaller = (this.#takenByCaller.get(fingerprint) ?? 0) + bytes;
    if (ofCaller === 0) this.#takenByCaller.delete(fingerprint);
    else this.#takenByCaller.set(fingerprint, ofCaller);
  }
}
