import { toJobApiError } from '../../domain/errors.ts';
import type { Identification } from '../../context/operation-context.ts';
import type { Frames } from '../../execution/subscriptions/frame.ts';
import type { SubscriptionRequest, Subscriptions } from '../../execution/subscriptions/subscriptions.ts';
import type { LiveObserver } from '../../live/live-observer.ts';
import type { Admission } from '../admission/admission.ts';
import { accountOf } from '../identification.ts';
import { clientLeft } from '../request-signal.ts';

/** A subscription that is to be opened, and the connection on which somebody waits for it. */
export interface Start extends Omit<SubscriptionRequest, 'onStarted'> {
  readonly connection: Connection;
}

/** What of a connection is used. */
export interface Connection {
  once(event: 'close', listener: () => void): unknown;
  off(event: 'close', listener: () => void): unknown;
}

/** Opens subscriptions by the rules by which requests are let in. */
export interface Starts {
  /** Refuses by who asks alone where there is no place whatever is asked. Throws RATE_LIMITED. */
  assertRoomFor(identification: Identification): void;
  /**
   * Opens a subscription when there is a place for what it takes to begin. Rejects with RATE_LIMITED where there is
   * none, and like `Subscriptions`.
   */
  open(start: Start): Promise<Frames>;
}

/** What subscriptions are opened with. */
export interface StartsOptions {
  readonly admission: Admission;
  readonly subscriptions: Subscriptions;
  readonly observer: Pick<LiveObserver, 'subscriptionRejected'>;
}

/** Who has no first state by then waits for bk-job, and takes no place from those who keep the process busy. */
const longestStart = 1000;

/** Makes what opens subscriptions. Each has a place until its first state is there, or is run for another already. */
export function createStarts({ admission, subscriptions, observer }: StartsOptions): Starts {
  async function enter({ prepared, caller, connection }: Start): Promise<() => void> {
    const controller = new AbortController();
    const giveUp = (): void => {
      controller.abort(clientLeft);
    };
    connection.once('close', giveUp);
    try {
      return await admission.enter({
        account: caller.account,
        operationClass: prepared.operationClass,
        isSubscription: true,
        signal: controller.signal,
      });
    } catch (thrown) {
      const error = toJobApiError(thrown);
      if (error.code === 'RATE_LIMITED') observer.subscriptionRejected('overload');
      throw error;
    } finally {
      connection.off('close', giveUp);
    }
  }

  return {
    assertRoomFor: (identification) => {
      const refusal = admission.refusalOf(accountOf(identification));
      if (refusal === null) return;
      observer.subscriptionRejected('overload');
      throw refusal;
    },
    open: async (start) => {
      try {
        return openWithPlace(subscriptions, start, await enter(start));
      } catch (thrown) {
        start.prepared.charge?.cancel();
        throw thrown;
      }
    },
  };
}

/** Opens a subscription that has a place until its first state is there. */
function openWithPlace(
  subscriptions: Subscriptions,
  { prepared, caller, transport, nameBytes = 0 }: Start,
  leave: () => void,
): Frames {
  const timer = setTimeout(leave, longestStart);
  const onStarted = (): void => {
    clearTimeout(timer);
    leave();
  };
  try {
    return subscriptions.open({ prepared, caller, transport, nameBytes, onStarted });
  } catch (thrown) {
    onStarted();
    throw thrown;
  }
}
