/** The turn of the event loop that is under way, as far as operations arrive in it. */
export interface LoopTurn {
  /** Differs from one turn to the next. */
  readonly number: number;
  /** How long the one before it took, milliseconds; 0 where that was not watched. */
  readonly previous: number;
  /** An operation has arrived: the turn is watched to its end, and after a second one so is the next. */
  arrived(): void;
  /** Whether the turn has taken less than this so far, milliseconds. Who is told that it has not is told of the next. */
  hasTime(budget: number): boolean;
}

/** What turns are watched with. */
export interface LoopTurnOptions {
  readonly now: () => number;
  /** Is called at the beginning of a turn after one that had no more time for somebody. */
  readonly begun: () => void;
}

/**
 * Watches turns while operations arrive, and not longer: a loop that is asked for its next turn does not sleep. One
 * that comes alone is worth no second turn.
 */
export function watchTurns({ now, begun }: LoopTurnOptions): LoopTurn {
  let number = 0;
  let startedAt = 0;
  let previous = 0;
  let isWatched = false;
  let isBusy = false;
  let isShort = false;

  function begin(): void {
    number++;
    const at = now();
    previous = isWatched ? at - startedAt : 0;
    startedAt = at;
    isWatched = isBusy;
    isBusy = false;
    if (isWatched) setImmediate(begin);
    if (!isShort) return;
    isShort = false;
    begun();
  }

  return {
    get number() {
      return number;
    },
    get previous() {
      return previous;
    },
    arrived: () => {
      isBusy = true;
      if (!isWatched) begin();
    },
    hasTime: (budget) => {
      if (!isWatched || now() - startedAt < budget) return true;
      isShort = isBusy = true;
      return false;
    },
  };
}
