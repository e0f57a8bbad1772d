import { Linked, LinkedList } from '../../memory/linked-list.ts';
import type { LoopTurn } from './loop-turn.ts';

/** Who waits for a place. */
export interface Waiter {
  readonly caller: CallerCount;
  /** Is called once, when it has its place. */
  readonly letIn: (place: Place) => void;
  /** Is called once, when it has waited for too long. */
  readonly turnAway: () => void;
}

/** What one caller has, in all lanes. */
export interface CallerCount {
  running: number;
  waiting: number;
}

/** A place in a lane, which somebody has until it is given back. */
export class Place extends Linked<Place> {
  readonly caller: CallerCount;
  /** When it was taken. */
  readonly since: number;
  isTaken = true;

  constructor(caller: CallerCount, since: number) {
    super();
    this.caller = caller;
    this.since = since;
  }
}

/** What a lane is made with. */
export interface LaneOptions {
  /** How many may keep the process busy at a time. */
  readonly places: () => number;
  /** How many there may be at a time, whatever they do. */
  readonly most: number;
  /** After how long an operation does not keep the process busy any more, but waits for bk-job. Milliseconds. */
  readonly busyFor: number;
  readonly now: () => number;
  readonly turn: Pick<LoopTurn, 'number' | 'hasTime'>;
  /** How long a turn of the event loop may have taken where another operation is let in. Milliseconds. */
  readonly turnBudget: () => number;
  /** Places of one caller, in all lanes. */
  readonly perCaller: number;
}

/** A turn of the event loop that takes longer is a busy process's. Milliseconds. */
export const longTurn = 5;

interface InLine extends Waiter {
  readonly since: number;
}

/** Places of one class of operations, and the line before them. */
export class Lane {
  readonly #options: LaneOptions;
  readonly #line: InLine[] = [];
  /** Of those that may keep the process busy, the first of them first. */
  readonly #busy = new LinkedList<Place>();
  #running = 0;
  #peak = 0;
  /** The turn in which somebody was let in last. */
  #enteredIn = -1;

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#line.length;
  }

  /** Whether there is no place although few of those who have one keep the process busy. */
  get isFullOfThoseWhoWait(): boolean {
    const { places, most } = this.#options;
    return this.#running >= most && this.#busy.size < places();
  }

  /** Whether so many wait for a place that anybody could have. */
  hasLineOf(length: number): boolean {
    return this.#hasWaiting(length, 'for any place');
  }

  /** Whether so many wait for one of their own places. */
  hasOwnLineOf(length: number): boolean {
    return this.#hasWaiting(length, 'for an own place');
  }

  /** Whether somebody has waited for so long, in a process that is busy: where bk-job is slow, a line may be slow. */
  isHeldUpFor(milliseconds: number): boolean {
    const { now, turn } = this.#options;
    const first = this.#line.find(({ caller }) => this.mayRun(caller));
    return first !== undefined && now() - first.since >= milliseconds && !turn.hasTime(longTurn);
  }

  /** Whether there is a place for one more of this caller's. */
  hasPlaceFor(caller: CallerCount): boolean {
    return this.#hasPlace() && this.mayRun(caller);
  }

  /** Whether this caller has fewer places than one may have. */
  mayRun({ running }: CallerCount): boolean {
    return running < this.#options.perCaller;
  }

  /** Takes a place. */
  enter(caller: CallerCount): Place {
    const place = new Place(caller, this.#options.now());
    this.#running++;
    caller.running++;
    this.#busy.add(place);
    this.#peak = Math.max(this.#peak, this.#busy.size);
    this.#enteredIn = this.#options.turn.number;
    return place;
  }

  /** Gives a place back; false where it was given back before. */
  leave(place: Place): boolean {
    if (!place.isTaken) return false;
    place.isTaken = false;
    this.#busy.delete(place);
    this.#running--;
    place.caller.running--;
    return true;
  }

  /** Lets those in for whom there is a place now. */
  advance(): void {
    const isNext = ({ caller }: Waiter): boolean => this.mayRun(caller);
    while (this.#line.length > 0 && this.#hasPlace()) {
      const next = this.#line.find(isNext);
      if (next === undefined) return;
      this.#leaveLine(next);
      next.letIn(this.enter(next.caller));
    }
  }

  /** Has somebody stand in line; gives what takes them out of it, if they still are in it. */
  wait(waiter: Waiter, atMost: number): () => void {
    const { caller, letIn, turnAway } = waiter;
    const inLine: InLine = { caller, letIn, turnAway, since: this.#options.now() };
    this.#line.push(inLine);
    caller.waiting++;
    const timer = setTimeout(() => {
      this.#leaveLine(inLine);
      turnAway();
    }, atMost);
    return () => {
      clearTimeout(timer);
      this.#leaveLine(inLine);
    };
  }

  /** The most that kept the process busy at a time since this was last called. */
  takePeak(): number {
    const peak = this.#peak;
    this.#peak = this.#busy.size;
    return peak;
  }

  #hasPlace(): boolean {
    const { places, most, busyFor, now } = this.#options;
    const since = now() - busyFor;
    for (let { first } = this.#busy; first !== null && first.since <= since; { first } = this.#busy)
      this.#busy.delete(first);
    return this.#busy.size < places() && this.#running < most && this.#hasTime();
  }

  /** There is time for one in every turn, whatever else it is taken up with. */
  #hasTime(): boolean {
    const { turn, turnBudget } = this.#options;
    return this.#enteredIn !== turn.number || turn.hasTime(turnBudget());
  }

  #hasWaiting(length: number, forWhat: 'for any place' | 'for an own place'): boolean {
    let missing = length;
    for (const { caller } of this.#line) {
      if (missing <= 0) break;
      if (this.mayRun(caller) === (forWhat === 'for any place')) missing--;
    }
    return missing <= 0;
  }

  #leaveLine(waiter: InLine): void {
    const at = this.#line.indexOf(waiter);
    if (at === -1) return;
    this.#line.splice(at, 1);
    waiter.caller.waiting--;
  }
}
