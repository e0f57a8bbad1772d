import { JobApiError } from '../domain/errors.ts';
import type { Clock } from './clock.ts';
import { DeadlineReached } from './exchange.ts';

/** How often a read is tried, and how many tries there may be beside the first ones. Times are milliseconds. */
export interface RetryOptions {
  /** Attempts of one read, the first one included. */
  readonly maxAttempts: number;
  /** The longest pause before the second attempt; it doubles with each further one. */
  readonly base: number;
  readonly max: number;
  /** Which share of reads may be tried again, in percent. */
  readonly budgetPercent: number;
  /** How many may be in a second with few reads. */
  readonly budgetMinPerSecond: number;
}

/** How far a read has come. */
export interface MadeAttempts {
  readonly attempts: number;
  readonly timeLeft: number;
  /** Whether another read may stand in for it, for which some tries are left. */
  readonly isReplaceable?: boolean | undefined;
}

/** Decides which failures are worth another attempt. */
export interface Retries {
  /** Counts a read that is sent, of which the budget lives. */
  countRead(): void;
  /** Takes a try for a read that stands in for a failed one; false where none is left. A budget of nothing bounds none. */
  pay(): boolean;
  /** Gives back the try of a read that was answered: what is answered is no load on a bk-job that is down. */
  giveBack(): void;
  /**
   * How long to wait before trying again. `final` where another attempt would be of no use or too late, `denied` where
   * only the budget forbids it.
   */
  pauseAfter(error: unknown, made: MadeAttempts): number | 'final' | 'denied';
  /** How many attempts may be made at once. */
  readonly budget: () => number;
}

const second = 1000;

/** Seconds of the least budget that can be saved: a quiet hour does not pay for a storm. */
const savedSeconds = 5;

/** So many tries are left for reads that stand in for others, which are more likely to be answered; half of few at most. */
const leftForOthers = 5;

/**
 * Retries from a budget: each read earns a part of one, and what reads do not earn in a second is given, so that the
 * first failures of a quiet service are tried again too. When bk-job is down altogether this bounds what it has to bear
 * on top. A budget of nothing turns tries off and bounds nothing else: a read that stands in for another is no try then.
 * Pauses are drawn anew each time, so that many who failed together do not come back together.
 */
export function createRetries(options: RetryOptions, clock: Clock, random: () => number): Retries {
  const { maxAttempts, base, max, budgetPercent, budgetMinPerSecond } = options;
  const most = Math.max(1, budgetMinPerSecond * savedSeconds);
  const left = Math.min(leftForOthers, Math.floor(most / 2));
  const isOff = budgetPercent === 0 && budgetMinPerSecond === 0;
  let budget = isOff ? 0 : Math.max(budgetMinPerSecond, left + 1);
  let earned = 0;
  let secondStarted = clock.now();

  function turnSecond(): void {
    const passed = Math.floor((clock.now() - secondStarted) / second);
    if (passed <= 0) return;
    secondStarted += passed * second;
    budget = Math.min(most, budget + Math.max(0, budgetMinPerSecond * passed - earned));
    earned = 0;
  }

  return {
    countRead: () => {
      turnSecond();
      earned += budgetPercent / 100;
      budget = Math.min(most, budget + budgetPercent / 100);
    },
    pay: () => {
      if (isOff) return true;
      turnSecond();
      if (budget < 1) return false;
      budget -= 1;
      return true;
    },
    giveBack: () => {
      if (!isOff) budget = Math.min(most, budget + 1);
    },
    pauseAfter: (error, { attempts, timeLeft, isReplaceable = false }) => {
      if (attempts >= maxAttempts || !(error instanceof JobApiError) || !mayHelp(error)) return 'final';
      const pause = random() * Math.min(max, base * 2 ** (attempts - 1));
      turnSecond();
      if (pause >= timeLeft) return 'final';
      if (budget < (isReplaceable ? left + 1 : 1)) return 'denied';
      budget -= 1;
      return pause;
    },
    budget: () => {
      turnSecond();
      return Math.floor(budget);
    },
  };
}

/**
 * Only where bk-job was not reached, or a gateway says that it was not: what says anything else would say it again. Not
 * where the time of the read is used up, and not where it is told how long to wait: that is for the client to decide.
 */
function mayHelp({ code, cause, retryAfter }: JobApiError): boolean {
  if (retryAfter !== null) return false;
  return (
    code === 'UPSTREAM_UNAVAILABLE' || (code === 'UPSTREAM_TIMEOUT' && !(cause instanceof DeadlineReached))
  );
}
