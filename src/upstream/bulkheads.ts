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
  /**
   * Takes a place. Null where there was one, a promise where the call has to wait. Rejects with RATE_LIMITED where too
   * many wait or no place came up in time: it is this service that is busy then, not bk-job that is down.
   */
  enter(call: StatusCall): Promise<void> | null;
  /** Gives the place of such a call back. */
  leave(hostDetail: boolean): void;
  readonly load: () => BulkheadLoad;
}

interface Waiting {
  readonly admit: () => void;
  readonly refuse: (error: JobApiError) => void;
}

/** What those are told to wait who find no place. */
const retryAfter = 1000;

/** All places are free. */
export function createBulkheads(options: BulkheadOptions): Bulkheads {
  const { connections, hostDetailConnections } = options;
  const queues = { plain: createFairQueue<Waiting>(), withHosts: createFairQueue<Waiting>() };
  let underWay = 0;
  let underWayWithHosts = 0;
  let isTurnOfHosts = false;

  const queueOf = (hostDetail: boolean): FairQueue<Waiting> => (hostDetail ? queues.withHosts : queues.plain);

  function hasPlace(hostDetail: boolean): boolean {
    return underWay < connections && (!hostDetail || underWayWithHosts < hostDetailConnections);
  }

  function take(hostDetail: boolean): void {
    underWay += 1;
    if (hostDetail) underWayWithHosts += 1;
  }

  /** Lets in who waits, of both kinds in turn. */
  function admitNext(): void {
    for (const hostDetail of [isTurnOfHosts, !isTurnOfHosts]) {
      if (!hasPlace(hostDetail)) continue;
      const next = queueOf(hostDetail).shift();
      if (next === null) continue;
      isTurnOfHosts = !hostDetail;
      take(hostDetail);
      next.admit();
      return;
    }
  }

  return {
    enter: (call) => {
      // Nobody overtakes who waits, unless those cannot use the place anyway.
      const { hostDetail } = call.read;
      if (hasPlace(hostDetail) && queueOf(hostDetail).size === 0) {
        take(hostDetail);
        return null;
      }
      return waitIn(queueOf(hostDetail), call, options);
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

function waitIn(queue: FairQueue<Waiting>, call: StatusCall, options: BulkheadOptions): Promise<void> {
  const { cancellation, deadline } = call;
  const { caller } = call.read;
  const { maxQueuedReads, clock } = options;
  if (queue.size >= maxQueuedReads) {
    const dropped = queue.dropForTheSakeOf(caller.fingerprint);
    if (dropped === null) return Promise.reject(noPlace());
    dropped.refuse(noPlace());
  }
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      stopTimer();
      cancellation.listener = null;
    };
    const waiting: Waiting = {
      admit: () => {
        settle();
        resolve();
      },
      refuse: (error) => {
        settle();
        reject(error);
      },
    };
    const leaveQueue = (error: JobApiError): void => {
      queue.remove(caller.fingerprint, waiting);
      waiting.refuse(error);
    };
    const stopTimer = clock.after(Math.max(0, deadline - clock.now()), () => leaveQueue(noPlace()));
    cancellation.listener = () => leaveQueue(cancellation.reason ?? noPlace());
    queue.push(caller.fingerprint, waiting);
  });
}

function noPlace(): JobApiError {
  return new JobApiError('RATE_LIMITED', 'Too many reads are under way.', { retryAfter });
}
