import type { Caller } from '../domain/caller.ts';
import { endsAllRights } from '../domain/errors.ts';
import { jobInstanceGlobalId } from '../domain/identifiers.ts';
import type { JobReference } from '../domain/scope.ts';
import { readJobInstance } from '../loaders/read-job-instance.ts';
import type { JobApi } from '../upstream/job-api.ts';
import type { Cancel, Clock } from './clock.ts';
import type { LiveObserver } from './live-observer.ts';
import { JobReader, type Follower } from './job-reader.ts';
import type { PaceOptions } from './pace.ts';
import { createPollGate } from './poll-gate.ts';
import { ToldAttempts } from './told-attempts.ts';

/** What following jobs works with. */
export interface LiveJobsOptions {
  readonly jobApi: JobApi;
  readonly clock: Clock;
  readonly pace: PaceOptions;
  /** Reads of followed jobs that begin within a second, all of them together. */
  readonly maxPollsPerSecond: number;
  /** Left out where nobody looks. */
  readonly observer?: LiveObserver | undefined;
}

/** Jobs that somebody follows: one reader for each identity and job. */
export interface LiveJobs {
  readonly clock: Clock;
  /** Tells the follower of the job, as the caller may see it, until the returned function is called. */
  follow(caller: Caller, job: JobReference, follower: Follower): Cancel;
  /** Somebody more is told what a follower of the job was told last: where that is from before a failure, it is read soon. */
  hurry(caller: Caller, job: JobReference): void;
  /** How many jobs are being read, each identity counted for itself. */
  readonly readers: number;
}

/** No fingerprint holds a space. Equal ones are of equal callers, and only those see the same. */
function keyOf({ fingerprint }: Caller, job: JobReference): string {
  return `${fingerprint} ${jobInstanceGlobalId(job)}`;
}

/** Nobody follows anything yet. */
export function createLiveJobs(options: LiveJobsOptions): LiveJobs {
  const { jobApi, clock, pace, maxPollsPerSecond, observer } = options;
  const readers = new Map<string, JobReader>();
  const told = new ToldAttempts(() => clock.now());
  const gate = createPollGate(clock, maxPollsPerSecond);

  function createReader(caller: Caller, job: JobReference, key: string): JobReader {
    const reader = new JobReader({
      // What a query asked for before may be older than what followers were told meanwhile.
      read: (read) =>
        readJobInstance(
          (one, how) => jobApi.fetchJobInstanceStatus(caller, one, { ...how, fromNowOn: true }),
          job,
          read,
        ),
      enterGate: (begin) => gate.enter(caller.account, begin),
      clock,
      pace,
      told: told.take(key),
      onIdle: (last, end) => {
        if (readers.get(key) !== reader) return;
        readers.delete(key);
        if (end !== null && endsAllRights.has(end)) told.forget(caller.fingerprint);
        else told.keep(key, caller.fingerprint, last);
        observer?.readerStopped();
      },
    });
    readers.set(key, reader);
    observer?.readerStarted();
    return reader;
  }

  return {
    clock,
    follow: (caller, job, follower) => {
      const key = keyOf(caller, job);
      const reader = readers.get(key) ?? createReader(caller, job, key);
      return reader.join(follower);
    },
    hurry: (caller, job) => {
      readers.get(keyOf(caller, job))?.hurry();
    },
    get readers() {
      return readers.size;
    },
  };
}
