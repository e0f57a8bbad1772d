import type { OperationContext } from '../../context/operation-context.ts';
import { JobApiError, toJobApiError } from '../../domain/errors.ts';
import type { OperationClass } from '../../execution/operation-class.ts';
import type { AdmissionObserver } from '../admission-observer.ts';
import { createCallers, type Callers } from './callers.ts';
import { Lane, longTurn, type CallerCount, type Place } from './lane.ts';
import type { LoopTurn } from './loop-turn.ts';
import { Overload } from './overload.ts';

/** Lets operations in, as many at a time as can be carried, and turns the others away at once. */
export interface Admission {
  /**
   * Why a request would be turned away whatever it asks, before it has been read; null where it may be let in. Nobody
   * who asks without credentials is told from another.
   */
  refusalOf(account: string | null): JobApiError | null;
  /**
   * Why any request would be turned away, whoever sends it: that it need not even be found out. Null where somebody may
   * be let in.
   */
  refusalOfAnybody(): JobApiError | null;
  /**
   * Resolves when the operation may run, with what gives its place back, which may be called more than once. Rejects
   * with RATE_LIMITED where it would have to wait for too long, and with the reason of its signal.
   */
  enter(arrival: Arrival): Promise<() => void>;
  /** A turn of the event loop has begun: those are let in for whom the last one had no time. */
  turnBegun(): void;
  /** The most places that were taken at a time since this was last called, as a part of those without hosts. */
  takePeak(): number;
}

/** An operation that is to run. */
export interface Arrival {
  /** Fingerprint of whoever asks; null where nobody signed in. */
  readonly account: string | null;
  readonly operationClass: OperationClass;
  /** Whether it follows something, and goes on being told of it after it was let in. */
  readonly isSubscription?: boolean | undefined;
  /** Aborted where nobody waits for it any more. */
  readonly signal: OperationContext['signal'];
}

/** What may be under way and wait. */
export interface AdmissionLimits {
  /** Operations without hosts under way at a time, at most. */
  readonly concurrencyLimit: number;
  /** Operations of one caller under way at a time, whatever they ask. */
  readonly perIdentityConcurrency: number;
  readonly queue: { readonly max: number; readonly maxWait: number };
  /** Delay of the event loop from which operations with hosts are turned away; the others are from more of it. */
  readonly maxEventLoopLag: number;
}

/** What admission is made with. */
export interface AdmissionOptions {
  readonly limits: AdmissionLimits;
  /** How many operations without hosts may be under way. */
  readonly limit: { readonly current: number };
  readonly lag: () => number;
  readonly turn: LoopTurn;
  readonly now: () => number;
  /** Is told whenever an operation was turned away because all callers together ask for more than this process can do. */
  readonly overloaded: () => void;
  readonly observer: AdmissionObserver;
}

type Reason = 'capacity' | 'identity' | 'event-loop';

/** Those with hosts cost most, in time of this process and in memory: few of them, apart, starve no others. */
const hostsShare = 1 / 4;
const fewestWithHosts = 2;

/**
 * After so long an operation without hosts waits for bk-job, and is not counted among those that keep the process busy:
 * a bk-job that hangs would use up the few places that a busy process has. Milliseconds.
 */
const busyFor = 250;

/** Those that are held cost hardly anything while they are: many, and none of them takes a place from the others. */
const heldFactor = 4;

/** From here on the event loop is late because the process is busy, milliseconds. */
const busyLag = 10;

/**
 * How late the event loop has to be for operations to be turned away, in parts of what turns those with hosts away: what
 * costs most goes first, then what goes on costing, and what is asked for once goes last.
 */
const tooLate = { hosts: 1, waiting: 1.5, plain: 2 } as const;

/** One caller's part of the line. */
const lineShare = 1 / 4;

/** How long a line may be with those who wait for own places, and how long one of operations with hosts. */
const fullLine = 4;

/** Who waits for an own place takes none from others, and waits longer than for one of all. */
const ownWaitFactor = 20;

/** In overload lines and waits are short: before a line that does not end, waiting only makes everybody late. */
const shortWait = 10;
const shortLine = 4;

/**
 * A line that moves as slowly as that because the process is busy will not be shorter for those who join it: they are
 * turned away while the others still come in within their time. A part of the longest wait.
 */
const heldUpShare = 1 / 5;

/** When to ask again. */
const retryAfter = 1000;

/** Makes the admission of one process. */
export function createAdmission(options: AdmissionOptions): Admission {
  return new Doorkeeper(options);
}

class Doorkeeper implements Admission {
  readonly #options: AdmissionOptions;
  /** A caller's requests that are held count by themselves. */
  readonly #callers: Readonly<Record<OperationClass, Callers>>;
  readonly #lanes: Readonly<Record<OperationClass, Lane>>;
  readonly #allLanes: readonly Lane[];
  readonly #overload: Overload;

  constructor(options: AdmissionOptions) {
    this.#options = options;
    this.#overload = new Overload(options);
    const running = createCallers();
    this.#callers = { plain: running, hosts: running, waiting: createCallers() };
    this.#lanes = {
      plain: this.#openLane('plain', (limit) => limit),
      hosts: this.#openLane('hosts', (limit) => Math.max(fewestWithHosts, Math.floor(limit * hostsShare))),
      waiting: this.#openLane('waiting', () => options.limits.concurrencyLimit * heldFactor),
    };
    this.#allLanes = Object.values(this.#lanes);
  }

  refusalOf(account: string | null): JobApiError | null {
    this.#options.turn.arrived();
    if (this.#isTooLateFor('plain')) return this.#refuse('plain', 'event-loop');
    const caller = this.#callers.plain.find(account ?? nobody) ?? newcomer;
    if (this.#lanes.plain.hasPlaceFor(caller)) return null;
    const reason = this.#refusalOfLine(this.#lanes.plain, caller);
    return reason === null ? null : this.#refuse('plain', reason);
  }

  refusalOfAnybody(): JobApiError | null {
    this.#options.turn.arrived();
    if (this.#isTooLateFor('plain')) return this.#refuse('plain', 'event-loop');
    const lane = this.#lanes.plain;
    if (lane.hasPlaceFor(newcomer) || !this.#isLineTooLong(lane)) return null;
    return this.#refuse('plain', 'capacity');
  }

  async enter(arrival: Arrival): Promise<() => void> {
    const { operationClass, isSubscription = false, signal } = arrival;
    if (isAborted(signal)) throw toJobApiError(signal.reason);
    this.#options.turn.arrived();
    if (this.#isTooLateFor(operationClass, isSubscription)) throw this.#refuse(operationClass, 'event-loop');
    const lane = this.#lanes[operationClass];
    const account = arrival.account ?? nobody;
    const callers = this.#callers[operationClass];
    const caller = callers.get(account);
    let place: Place;
    try {
      if (lane.hasPlaceFor(caller)) {
        place = lane.enter(caller);
        this.#options.observer.admitted(operationClass, 0);
      } else {
        const reason = this.#refusalOfLine(lane, caller);
        if (reason !== null) throw this.#refuse(operationClass, reason);
        place = await this.#waitForPlace(lane, caller, arrival);
      }
    } finally {
      callers.forget(account);
    }
    const leave = (): void => {
      if (!lane.leave(place)) return;
      callers.forget(account);
      // A place of this caller's may be what somebody waits for in the other lane.
      this.#advance();
    };
    if (!isAborted(signal)) return leave;
    // It got the place of somebody who left just before it did: of requests that end together one is told first.
    leave();
    throw toJobApiError(signal.reason);
  }

  turnBegun(): void {
    this.#advance();
  }

  takePeak(): number {
    // Some may have come to wait for bk-job since: then there are places, and nobody has left who would say so.
    this.#advance();
    const { plain, hosts } = this.#lanes;
    return Math.max(plain.takePeak(), hosts.takePeak() / hostsShare);
  }

  #advance(): void {
    for (const lane of this.#allLanes) lane.advance();
  }

  #openLane(operationClass: OperationClass, placesOf: (limit: number) => number): Lane {
    const { limits, limit, now, turn, observer } = this.#options;
    const perCaller = limits.perIdentityConcurrency * (operationClass === 'waiting' ? heldFactor : 1);
    const lane = new Lane({
      places: () => placesOf(limit.current),
      most: placesOf(limits.concurrencyLimit),
      busyFor: operationClass === 'plain' ? busyFor : Infinity,
      now,
      turn,
      turnBudget: () => this.#overload.turnBudget,
      perCaller,
    });
    observer.classOpened(operationClass, { running: () => lane.running, waiting: () => lane.waiting });
    return lane;
  }

  #waitForPlace(lane: Lane, caller: CallerCount, { operationClass, signal }: Arrival): Promise<Place> {
    const { now, observer } = this.#options;
    const since = now();
    return new Promise((resolve, reject) => {
      const end = (): void => {
        stopWaiting();
        signal.removeEventListener('abort', giveUp);
      };
      const giveUp = (): void => {
        end();
        reject(toJobApiError(signal.reason));
      };
      const letIn = (place: Place): void => {
        end();
        observer.admitted(operationClass, now() - since);
        resolve(place);
      };
      const turnAway = (): void => {
        end();
        const isOwnDoing = !lane.mayRun(caller);
        reject(this.#refuse(operationClass, isOwnDoing ? 'identity' : 'capacity'));
      };
      const stopWaiting = lane.wait({ caller, letIn, turnAway }, this.#longestWait(lane, caller));
      signal.addEventListener('abort', giveUp, { once: true });
    });
  }

  #longestWait(lane: Lane, caller: CallerCount): number {
    const { maxWait } = this.#options.limits.queue;
    if (!lane.mayRun(caller)) return maxWait * ownWaitFactor;
    return this.#isPatient(lane) || !this.#overload.isOn ? maxWait : Math.min(shortWait, maxWait);
  }

  /** Why an operation that finds no place cannot even wait for one. */
  #refusalOfLine(lane: Lane, caller: CallerCount): Reason | null {
    const { limits } = this.#options;
    const ownShare = Math.ceil(limits.queue.max * lineShare);
    const isOwnDoing = ownShare > 0 || !lane.mayRun(caller);
    if (isOwnDoing && caller.waiting >= ownShare) return 'identity';
    if (!lane.mayRun(caller)) return lane.hasOwnLineOf(limits.queue.max * fullLine) ? 'identity' : null;
    return this.#isLineTooLong(lane) ? 'capacity' : null;
  }

  /** Whether nobody more may wait for a place that anybody could have. */
  #isLineTooLong(lane: Lane): boolean {
    const { max, maxWait } = this.#options.limits.queue;
    if (this.#isPatient(lane)) return lane.hasLineOf(max * fullLine);
    if (lane.hasLineOf(max)) return true;
    return this.#overload.isOn ? lane.hasLineOf(shortLine) : lane.isHeldUpFor(maxWait * heldUpShare);
  }

  #refuse(operationClass: OperationClass, reason: Reason): JobApiError {
    const { observer, overloaded } = this.#options;
    observer.shed(operationClass, reason);
    if (reason !== 'identity' && !this.#isForBkJob(operationClass, reason)) {
      this.#overload.begin();
      overloaded();
    }
    return refusals[reason];
  }

  /** Whether bk-job keeps the places taken, in a process that has time: it is no less slow for any other process. */
  #isForBkJob(operationClass: OperationClass, reason: Reason): boolean {
    if (reason !== 'capacity') return false;
    const { lag, turn } = this.#options;
    if (operationClass === 'hosts') return lag() < busyLag && turn.hasTime(longTurn);
    return this.#lanes[operationClass].isFullOfThoseWhoWait;
  }

  /**
   * Whether the line is long, and as long as ever however much there is to do. That an operation asks for hosts is known
   * when most of what refusing it would save is spent: clients that ask again at once, each refused so, keep the process
   * busy with refusing (`npm run bench -- --growth`, five hundred connections).
   */
  #isPatient(lane: Lane): boolean {
    return lane === this.#lanes.hosts;
  }

  #isTooLateFor(operationClass: OperationClass, isSubscription = false): boolean {
    const { limits, lag } = this.#options;
    const most = isSubscription
      ? Math.min(tooLate[operationClass], tooLate.waiting)
      : tooLate[operationClass];
    return lag() > limits.maxEventLoopLag * most;
  }
}

const full = new JobApiError('RATE_LIMITED', 'This service has as much to do as it can; ask again later.', {
  retryAfter,
});

/** Made once: where thousands a second are turned away, an error for each would be a large part of what it takes. */
const refusals: Readonly<Record<Reason, JobApiError>> = {
  capacity: full,
  identity: new JobApiError(
    'RATE_LIMITED',
    'You have too many requests under way; ask again when some are answered.',
    { retryAfter },
  ),
  'event-loop': full,
};

/** May be so at one time and not at another. */
function isAborted({ aborted }: Arrival['signal']): boolean {
  return aborted;
}

/** All who did not sign in are one caller. */
const nobody = '';

const newcomer: CallerCount = { running: 0, waiting: 0 };
