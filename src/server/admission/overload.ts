import type { LoopTurn } from './loop-turn.ts';

/** For so long after somebody was turned away for want of room there is too much to do, milliseconds. */
const memory = 1000;

/**
 * For so long operations are let in within one turn of the event loop then, milliseconds: in short turns those who are
 * turned away are told in time, and new connections are accepted, as Node accepts one in each. Otherwise turns may be
 * long: who comes together with many, and asks for much, is answered late and not turned away.
 */
const shortTurn = 2;

/**
 * And for this part of the time that the last turn took. To let an operation in is some half of what it takes, so a
 * third of the time at most is theirs where those who are turned away could fill it: as when the machine becomes slow,
 * and each turn has all the more to refuse. With nothing but two milliseconds 3 to 5 % of the good answers were left
 * then, with this 9 to 18, and more than this cost answers where it is not so bad (`npm run resilience -- --only G8`).
 */
const shareOfTurn = 0.15;

/** What an overload is told by. */
export interface OverloadOptions {
  readonly now: () => number;
  readonly turn: Pick<LoopTurn, 'previous'>;
}

/** Whether all callers together ask for more than this process can do. */
export class Overload {
  readonly #options: OverloadOptions;
  #since = -Infinity;

  constructor(options: OverloadOptions) {
    this.#options = options;
  }

  get isOn(): boolean {
    return this.#options.now() - this.#since < memory;
  }

  /** For how long operations are let in within one turn of the event loop, milliseconds. */
  get turnBudget(): number {
    return this.isOn ? Math.max(shortTurn, this.#options.turn.previous * shareOfTurn) : Infinity;
  }

  /** Somebody is turned away for want of room. */
  begin(): void {
    this.#since = this.#options.now();
  }
}
