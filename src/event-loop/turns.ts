/** How turns of the event loop are told from one another. */
export interface TurnsOptions {
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Calls once in a turn that follows. */
  readonly afterTurn: (call: () => void) => void;
  /** Calls once so many milliseconds are over. */
  readonly afterTime: (milliseconds: number, call: () => void) => void;
  /** Calls once what runs now and all that follows from it at once is over, still in this turn. */
  readonly afterWork: (call: () => void) => void;
}

/** Work that takes longer than others should wait, and is done piece by piece. */
export interface DividedWork {
  /** Whether so much long work was done in this turn that the rest is for others. */
  isOver(): boolean;
  /** Waits for a turn with time left, and until this work is the next. */
  next(): Promise<void>;
}

/** The same where there are pieces, too, of which it is known beforehand that they cannot be divided. */
export interface LongWork extends DividedWork {
  /**
   * Waits for a turn before such a piece: null where there is time left in this one, and nobody waits or it is this work
   * that is done now.
   */
  take(): Promise<void> | null;
  /** The same before going through so many rows: null too where they are too few to take long. */
  takeFor(rows: number): Promise<void> | null;
}

/** For how long a turn is used for long work, milliseconds: the hosts of 10,000 are mostly read in it. */
const longestWork = 3;

/**
 * What could not be divided and took longer than that is followed by as much time for others, up to a bound: what they
 * ask for takes several turns, and would wait for such a piece in each. Milliseconds.
 */
const longPiece = 2 * longestWork;
const longestRest = 20;

/** To find, sort or group so many takes a fifth of a millisecond. */
const fewRows = 1000;

/**
 * Turns of the event loop, for work that takes long: to read and write 50,000 hosts takes dozens of them, and hundreds
 * where graphql-js does it. All such work of a process shares a piece of each turn, so that other requests are served in
 * between, however much such work there is. Accounts are served in turn. Of one account, what began first is done
 * first: all of it at once would take as many times the memory, and be over no sooner.
 */
export class Turns {
  readonly #options: TurnsOptions;
  // A Map keeps the order in which keys were added: an account that has been served goes to the end.
  readonly #waiting = new Map<string, WaitingWork[]>();
  #begun = 0;
  /** When long work began in this turn; null where there was none. */
  #since: number | null = null;
  /** The place of who was called, or took the turn, and has not come to an end yet. */
  #taker: number | null = null;
  /** For how long there is to be no long work once this turn is over, milliseconds. */
  #rest = 0;

  constructor(options: TurnsOptions) {
    this.#options = options;
  }

  /** Work that begins now, on somebody's account. */
  begin(account: string): LongWork {
    this.#begun += 1;
    return new AccountedWork(this, account, this.#begun);
  }

  /** As `LongWork` has it. */
  isOver(): boolean {
    const now = this.#options.now();
    if (this.#since !== null) return now - this.#since >= longestWork;
    this.#start(now);
    return false;
  }

  /** The same for what was the `place`th to begin. */
  next(account: string, place: number): Promise<void> {
    return new Promise((resolve) => {
      if (this.#since === null) this.#start(this.#options.now());
      const works = this.#waiting.get(account);
      if (works === undefined) this.#waiting.set(account, [{ place, resolve }]);
      else insert(works, { place, resolve });
    });
  }

  take(account: string, place: number): Promise<void> | null {
    const isFree = this.#taker === null ? this.#waiting.size === 0 : this.#taker === place;
    if (!isFree || this.isOver()) return this.next(account, place);
    if (this.#taker === null) this.#call({ place, resolve: () => undefined });
    return null;
  }

  #start(now: number): void {
    this.#since = now;
    const { afterTurn } = this.#options;
    // One would not do: where it begins with what was received, it ends before anything else is.
    afterTurn(() => {
      afterTurn(this.#end);
    });
  }

  readonly #end = (): void => {
    if (this.#rest > 0) {
      // Whoever comes meanwhile finds that the time is over.
      this.#since = -Infinity;
      this.#options.afterTime(this.#rest, this.#end);
      this.#rest = 0;
      return;
    }
    this.#since = null;
    if (this.#waiting.size === 0) return;
    this.#since = this.#options.now();
    this.#options.afterTurn(this.#end);
    this.#callNext();
  };

  #callNext(): void {
    if (this.#taker !== null || this.#waiting.size === 0 || this.isOver()) return;
    for (const [account, works] of this.#waiting) {
      this.#waiting.delete(account);
      const first = works.shift();
      if (works.length > 0) this.#waiting.set(account, works);
      if (first !== undefined) this.#call(first);
      return;
    }
  }

  #call({ place, resolve }: WaitingWork): void {
    const { now, afterWork } = this.#options;
    const since = now();
    this.#taker = place;
    resolve();
    afterWork(() => {
      const took = now() - since;
      if (took >= longPiece) this.#rest = Math.min(took - longestWork, longestRest);
      this.#taker = null;
      this.#callNext();
    });
  }
}

class AccountedWork implements LongWork {
  readonly #turns: Turns;
  readonly #account: string;
  readonly #place: number;

  constructor(turns: Turns, account: string, place: number) {
    this.#turns = turns;
    this.#account = account;
    this.#place = place;
  }

  isOver(): boolean {
    return this.#turns.isOver();
  }

  next(): Promise<void> {
    return this.#turns.next(this.#account, this.#place);
  }

  take(): Promise<void> | null {
    return this.#turns.take(this.#account, this.#place);
  }

  takeFor(rows: number): Promise<void> | null {
    return rows > fewRows ? this.take() : null;
  }
}

interface WaitingWork {
  /** Which one it was to begin. */
  readonly place: number;
  readonly resolve: () => void;
}

function insert(works: WaitingWork[], work: WaitingWork): void {
  works.splice(works.findLastIndex(({ place }) => place <= work.place) + 1, 0, work);
}

/** Those of this process. It has one event loop, whatever runs in it. */
export const turns = new Turns({
  now: () => performance.now(),
  afterTurn: setImmediate,
  afterTime: (milliseconds, call) => {
    setTimeout(call, milliseconds);
  },
  afterWork: (call) => {
    queueMicrotask(() => {
      process.nextTick(call);
    });
  },
});
