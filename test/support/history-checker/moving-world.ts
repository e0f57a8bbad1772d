import type { Caller } from '../../../src/domain/caller.ts';
import { createJobInstance } from '../../../src/domain/create-job-instance.ts';
import { JobApiError } from '../../../src/domain/errors.ts';
import type { JobInstance } from '../../../src/domain/job-instance.ts';
import type { JobReference } from '../../../src/domain/scope.ts';
import type { JobApi } from '../../../src/upstream/job-api.ts';
import { stepData } from '../build-job.ts';
import type { HistoryEvent } from './history.ts';

/** A version of a job. */
interface Version {
  readonly from: number;
  readonly statusCode: number;
  readonly attempt: number;
}

const finishedCodes: ReadonlySet<number> = new Set([3, 4]);

/** A life of some seconds: it runs, may wait for somebody, fails and is retried, and is over for good. */
function planLife(random: () => number): readonly Version[] {
  const versions: Version[] = [];
  let [from, attempt] = [0, 0];
  const add = (statusCode: number, ms: number): void => {
    versions.push({ from, statusCode, attempt });
    from += ms;
  };
  for (let round = Math.floor(random() * 3); round >= 0; round--) {
    add(2, 300 + random() * 4000);
    if (random() < 0.3) add(7, 300 + random() * 2000);
    add(2, 300 + random() * 3000);
    if (round > 0) {
      // Some are retried before anybody can be sure that they are over, some long after.
      add(4, random() < 0.6 ? 200 : 3000);
      attempt += 1;
    }
  }
  add(random() < 0.5 ? 3 : 4, Infinity);
  return versions;
}

/** A bk-job in memory whose jobs move with a clock, which fails, and which now and then answers from an old replica. */
export interface MovingWorld extends JobApi {
  /** From now on nothing fails any more. */
  heal(): void;
}

/** What a world is made with. */
export interface MovingWorldOptions {
  readonly now: () => number;
  readonly random: () => number;
  readonly faultRate: number;
  readonly record: (event: HistoryEvent) => void;
}

/** Makes a world. Each name of a job holds who asks and which version it is. */
export function createMovingWorld({ now, random, faultRate, record }: MovingWorldOptions): MovingWorld {
  const lives = new Map<string, readonly Version[]>();
  let faults = faultRate;
  let reads = 0;

  function versionAt(life: readonly Version[]): number {
    const newest = life.findLastIndex(({ from }) => from <= now());
    const attempt = life[newest]?.attempt ?? 0;
    const isStale = random() < faults / 2 && attempt > 0;
    return isStale ? life.findLastIndex((version) => version.attempt < attempt) : newest;
  }

  function answer(caller: Caller, job: JobReference, hostDetailRead: boolean): JobInstance {
    const life = lives.get(job.jobInstanceId) ?? planLife(random);
    lives.set(job.jobInstanceId, life);
    if (random() < faults) {
      throw new JobApiError(random() < 0.5 ? 'UPSTREAM_TIMEOUT' : 'UPSTREAM_UNAVAILABLE');
    }
    const version = versionAt(life);
    const { statusCode, attempt } = life[version]!;
    const times = { createTime: 0, startTime: 0, endTime: null, totalTime: null };
    return createJobInstance({
      ...job,
      ...times,
      name: `${caller.proof.value} ${String(version)}`,
      statusCode,
      finished: finishedCodes.has(statusCode),
      observedAt: now(),
      steps: [stepData({ statusCode, executeCount: attempt })],
      hostDetailRead,
    });
  }

  return {
    heal: () => {
      faults = 0;
    },
    fetchJobInstanceStatus: async (caller, job, { hostDetail }) => {
      const read = ++reads;
      const [identity, jobId] = [caller.proof.value, job.jobInstanceId];
      record({ kind: 'read-begun', read, identity, job: jobId });
      try {
        await Promise.resolve();
        const found = answer(caller, job, hostDetail);
        const version = Number(found.name.split(' ')[1]);
        record({
          kind: 'read-ended',
          read,
          state: { identity, job: jobId, version, finished: found.finished },
        });
        return found;
      } catch (thrown) {
        record({ kind: 'read-ended', read, state: null });
        throw thrown;
      }
    },
  };
}
