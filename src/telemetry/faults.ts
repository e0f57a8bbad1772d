import { SecretSearch } from '../secrets/secret-search.ts';

/** A fault as it is to be written, but for the secrets in it. */
export interface FaultTexts {
  readonly type: string;
  readonly stack: string;
  readonly message: string;
}

/** What faults are written with. */
export interface FaultOptions {
  /** Secrets that are in use at this moment, told one by one when they are wanted. */
  readonly secrets: () => Iterable<string>;
  /** `times`: how many equal ones there were. */
  readonly write: (fault: FaultTexts, times: number) => void;
  /** So many were too many to be written. */
  readonly untold: (count: number) => void;
  /** Milliseconds. */
  readonly now?: () => number;
}

/** Out of each so many milliseconds so many are for faults, however many there are and whatever is under way. */
const moment = 50;
const share = 5;

/** What the end of the process is held up for, milliseconds. */
const lastMoment = 1000;

/** Kinds of faults that wait for their turn. */
const mostWaiting = 20;

const blank = '[secret]';

/**
 * Writes faults with all secrets blanked out that were in use when they happened. There may be thousands: where that
 * takes longer than the moment has, the rest is done in the next ones, and equal faults meanwhile are one.
 */
export class Faults {
  readonly #options: FaultOptions;
  readonly #now: () => number;
  /** In the order in which they happened. */
  readonly #waiting = new Map<string, WaitingFault>();
  #left = share;
  #isTimed = false;
  #untold = 0;

  constructor(options: FaultOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  note(fault: FaultTexts): void {
    const key = `${fault.message}\n${fault.stack}`;
    const equal = this.#waiting.get(key);
    if (equal !== undefined) equal.times += 1;
    else if (this.#waiting.size >= mostWaiting) this.#untold += 1;
    else {
      this.#waiting.set(key, new WaitingFault(fault, this.#options.secrets()));
      this.#work();
    }
  }

  /** Writes at once what waits, for a process that ends within this turn. */
  flushNow(): void {
    this.#left = lastMoment;
    this.#work();
    this.#untold += this.#waiting.size;
    this.#waiting.clear();
    this.#tellUntold();
  }

  #work(): void {
    const started = this.#now();
    const isTimeUp = (): boolean => this.#now() - started >= this.#left;
    for (const [key, fault] of this.#waiting) {
      if (!fault.goOn(isTimeUp)) break;
      this.#waiting.delete(key);
      this.#options.write(fault.cleaned(), fault.times);
    }
    this.#left -= this.#now() - started;
    if (this.#isTimed) return;
    this.#isTimed = true;
    setTimeout(() => {
      this.#nextMoment();
    }, moment).unref();
  }

  #nextMoment(): void {
    this.#isTimed = false;
    // What took longer than it had is taken off the next ones.
    this.#left = Math.min(share, this.#left + share);
    if (this.#waiting.size > 0 || this.#left < share) this.#work();
    if (this.#waiting.size === 0) this.#tellUntold();
  }

  #tellUntold(): void {
    if (this.#untold > 0) this.#options.untold(this.#untold);
    this.#untold = 0;
  }
}

/** A fault that is looked through for one secret after the other. */
class WaitingFault {
  times = 1;
  readonly #fault: FaultTexts;
  readonly #secrets: Iterator<string>;
  #search: SecretSearch | null = null;

  constructor(fault: FaultTexts, secrets: Iterable<string>) {
    this.#fault = fault;
    this.#secrets = secrets[Symbol.iterator]();
  }

  /** Whether all of it is looked through. */
  goOn(isTimeUp: () => boolean): boolean {
    while (!isTimeUp()) {
      this.#search ??= new SecretSearch([this.#fault.stack, this.#fault.message]);
      const next = this.#secrets.next();
      if (next.done === true) return true;
      this.#search.lookFor(next.value);
    }
    return false;
  }

  cleaned(): FaultTexts {
    const [stack = '', message = ''] = this.#search?.without(blank) ?? [];
    return { type: this.#fault.type, stack, message };
  }
}
