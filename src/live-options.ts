import type { SubscriptionSettings } from './config/settings.ts';
import { machineClock } from './live/clock.ts';
import { createLiveJobs, type LiveJobs } from './live/live-jobs.ts';
import type { LiveOptions } from './server/live/register-live.ts';
import type { Telemetry } from './telemetry/telemetry.ts';
import type { JobApi } from './upstream/job-api.ts';

/** Part of each wait by which readers of followed jobs differ from each other. */
const jitter = 0.1;

/** Makes what reads followed jobs. */
export function followJobs(
  jobApi: JobApi,
  { poll: { maxPollsPerSecond, ...pace } }: SubscriptionSettings,
  { live: observer }: Pick<Telemetry, 'live'>,
): LiveJobs {
  return createLiveJobs({
    jobApi,
    clock: machineClock,
    pace: { jitter, ...pace },
    maxPollsPerSecond,
    observer,
  });
}

/** How jobs are followed; null where they cannot be. */
export function toLiveOptions(
  {
    enabled,
    websocket,
    maxOpened,
    maxPerIdentity,
    maxAskedBytes,
    maxHeldBytes,
    ...others
  }: SubscriptionSettings,
  { live: observer }: Pick<Telemetry, 'live'>,
): LiveOptions | null {
  if (!enabled) return null;
  const { path, maxPayload, ...sockets } = websocket;
  return {
    limits: { maxOpened, maxPerIdentity, maxAskedBytes, maxHeldBytes },
    path,
    maxPayload,
    sockets,
    maxPerConnection: others.maxPerConnection,
    drainWindow: others.drainWindow,
    observer,
  };
}
