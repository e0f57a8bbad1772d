import { JobApiError } from '../domain/errors.ts';
import type { Clock } from './clock.ts';
import { createFairQueue, type FairQueue } from './fair-queue.ts';
import type { StatusCall } from './status-call.ts';

/** How many reads there may be. */
export interface BulkheadOptions {
  /** Under way at a time: one on each connection. */
  readonly connections: number;
  /** How many of them may be reads with hosts. */
  readonly hostDetailConnections: number;
  /** Waiting, of those with hosts and of the others each. */
  readonly maxQueuedReads: number;
  readonly clock: Clock;
}

/** What is under way and what waits. */
export interface BulkheadLoad {
  readonly underWay: number;
  readonly underWayWithHosts: number;
  readonly waiting: number;
}

/**
 * Keeps reads with hosts, which can take long, from taking every connection: plain reads always have some. What finds no
 * place waits in a queue with an end, where callers are served in turn, so that none is kept waiting by another's many.
 */
export interface Bulkheads {
  /** Takes a place: true where there was one. Otherwise the seeker is told, perhaps before this returns. */
  enter(call: StatusCall, seeker: PlaceSeeker): boolean;
  /** Gives the place of such a call back. */
  leave(hostDetail: boolean): void;
  readonly load: () => BulkheadLoad;
}

/** Waits for a place, and is told one of the two, once. */
export interface PlaceSeeker {
  /** There is a place, and it is taken. */
  admitted(): void;
  /**
   * With RATE_LIMITED where too many wait or no place came up in time: it is this service that is busy then, not bk-job
   * that is down. With the reason of the cancellation otherwise.
   */
  refused(error: JobApiError): void;
}

/** What those are told to wait who find no place. */
const retryAfter = 1000;

/** All places are free. */
export function createBulkheads(options: BulkheadOptions): Bulkheads {
  const { connections, hostDetailConnections } = options;
  const queues = { plain: createFairQueue<WaitingCall>(), withHosts: createFairQueue<WaitingCall>() };
  let underWay = 0;
  let underWayWithHosts = 0;
  let isTurnOfHosts = false;

  const queueOf = (hostDetail: boolean): FairQueue<WaitingCall> =>
    hostDetail ? queues.withHosts : queues.plain;

  function hasPlace(hostDetail: boolean): boolean {
    return underWay < connections && (!hostDetail || underWayWithHosts < hostDetailConnections);
  }

  function take(hostDetail: boolean): void {
    underWay += 1;
    if (hostDetail) underWayWithHosts += 1;
  }

  /** Lets in who waits, of both kinds in turn. */
  function admitNext(): void {
    if (!admitOne(isTurnOfHosts)) admitOne(!isTurnOfHosts);
  }

  function admitOne(hostDetail: boolean): boolean {
    const next = hasPlace(hostDetail) ? queueOf(hostDetail).shift() : null;
    if (next === null) return false;
    isTurnOfHosts = !hostDetail;
    take(hostDetail);
    next.admit();
    return true;
  }

  return {
    enter: (call, seeker) => {
      // Nobody overtakes who waits, unless those cannot use the place anyway.
      const { hostDetail } = call.read;
      if (hasPlace(hostDetail) && queueOf(hostDetail).size === 0) {
        take(hostDetail);
        return true;
      }
      wait(new WaitingCall(queueOf(hostDetail), call, seeker), options);
      return false;
    },
    leave: (hostDetail) => {
      underWay -= 1;
      if (hostDetail) underWayWithHosts -= 1;
      admitNext();
    },
    load: () => ({
      underWay,
      underWayWithHosts,
      waiting: queues.plain.size + queues.withHosts.size,
    }),
  };
}

/** Lets a call wait, unless too many do and none of another caller with more has to go for it. */
function wait(waiting: WaitingCall, { maxQueuedReads, clock }: BulkheadOptions): void {
  const { queue, account } = waiting;
  if (queue.size >= maxQueuedReads) {
    const dropped = queue.dropForTheSakeOf(account);
    if (dropped === null) {
      waiting.refuse(noPlace());
      return;
    }
    dropped.refuse(noPlace());
  }
  waiting.begin(clock);
}

/** A call in a queue. */
class WaitingCall {
  readonly queue: FairQueue<WaitingCall>;
  readonly account: string;
  readonly #call: StatusCall;
  readonly #seeker: PlaceSeeker;
  #stopTimer: (() => void) | null = null;

  constructor(queue: FairQueue<WaitingCall>, call: StatusCall, seeker: PlaceSeeker) {
    this.queue = queue;
    this.account = call.read.caller.account;
    this.#call = call;
    this.#seeker = seeker;
  }

  begin(clock: Clock): void {
    const { cancellation, deadline } = this.#call;
    const timeLeft = Math.max(0, deadline - clock.now());
    this.#stopTimer = clock.after(timeLeft, () => {
      this.#leave(noPlace());
    });
    cancellation.listener = () => {
      this.#leave(cancellation.reason ?? noPlace());
    };
    this.queue.push(this.account, this);
  }

  /** In its own time: whoever left the place has not ended yet, and many may have waited for it. */
  admit(): void {
    this.#end();
    queueMicrotask(() => {
      this.#seeker.admitted();
    });
  }

  refuse(error: JobApiError): void {
    this.#end();
    this.#seeker.refused(error);
  }

  #leave(error: JobApiError): void {
    this.queue.remove(this.account, this);
    this.refuse(error);
  }

  #end(): void {
    if (this.#stopTimer === null) return;
    this.#stopTimer();
    this.#call.cancellation.listener = null;
  }
}

function noPlace(): JobApiError {
  return new JobApiError('RATE_LIMITED', 'Too many reads are under way.', { retryAfter });
}
