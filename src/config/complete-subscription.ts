import type { FaultList } from './fault-list.ts';
import type { FoundSettings } from './model.ts';
import type { SubscriptionSettings } from './settings.ts';

const second = 1000;
const kibibyte = 1024;

/** Puts defaults into what following jobs may take. */
export function completeSubscription(
  { subscription: found, server, shutdown }: FoundSettings,
  faults: FaultList,
): SubscriptionSettings {
  const { poll, websocket } = found;
  const path = websocket.path ?? '/ws';
  if (path === (server.path ?? '/graphql')) {
    faults.addOf('subscription.websocket.path', 'must differ from server.path');
  }
  const maxPayload = websocket.max_payload ?? 64 * kibibyte;
  const maxAskedBytes = found.max_asked_bytes ?? Math.max(32 * kibibyte ** 2, 4 * maxPayload);
  if (maxAskedBytes < 4 * maxPayload) {
    faults.addOf('subscription.max_asked_bytes', 'must hold four times websocket.max_payload');
  }
  return {
    enabled: found.enabled ?? true,
    maxOpened: found.max_opened_subscriptions ?? 12_000,
    maxPerConnection: found.max_per_connection ?? 50,
    maxPerIdentity: found.max_per_identity ?? 200,
    maxAskedBytes,
    maxHeldBytes: found.max_held_bytes ?? 128 * kibibyte ** 2,
    drainWindow: completeDrainWindow(shutdown, faults),
    poll: {
      maxPollsPerSecond: poll.max_polls_per_second ?? 50,
      largeJobHosts: poll.large_job_hosts ?? 5000,
      largeJobMinInterval: poll.large_job_min_interval ?? 5 * second,
    },
    websocket: {
      path,
      maxPayload,
      maxAge: found.max_age ?? 3600 * second,
      connectionInitTimeout: websocket.connection_init_timeout ?? 3 * second,
      keepAlive: websocket.keep_alive ?? 12 * second,
      maxMessagesPerSecond: websocket.max_messages_per_second ?? 50,
      writeStallTimeout: websocket.write_stall_timeout ?? 15 * second,
      maxBufferedBytes: websocket.max_buffered_bytes ?? kibibyte ** 2,
    },
  };
}

/** It is part of the time for the end, so it is never longer. */
function completeDrainWindow(found: FoundSettings['shutdown'], faults: FaultList): number {
  const gracePeriod = found.grace_period ?? 20 * second;
  const window = found.websocket_drain_window;
  if (window !== undefined && window > gracePeriod) {
    faults.addOf('shutdown.websocket_drain_window', 'must not be longer than grace_period');
  }
  return window ?? Math.min(10 * second, gracePeriod / 2);
}
