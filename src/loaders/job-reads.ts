import {
  hostCountOf,
  releaseHosts,
  withFailedHostDetail,
  withoutHostDetail,
} from '../domain/create-job-instance.ts';
import { JobApiError, saysDown, toJobApiError } from '../domain/errors.ts';
import type { JobInstance } from '../domain/job-instance.ts';
import type { JobReference } from '../domain/scope.ts';
import type { LongWork } from '../event-loop/turns.ts';
import type { EndSignal, JobInstanceStatusRead } from '../upstream/job-api.ts';
import { HostReads, type HostAccount, type OperationSignal } from './host-reads.ts';

/** A job that something is asked of. */
export interface JobNeed {
  readonly job: JobReference;
  readonly hostDetail: boolean;
}

/** Reads one job, until it is told that nobody waits for it any more. */
export type ReadJob = (
  need: JobNeed & Pick<JobInstanceStatusRead, 'afterFailure'>,
  signal: EndSignal | undefined,
) => Promise<JobInstance>;

/** How an operation reads. */
export interface JobReadsOptions {
  /** How many reads may be under way at a time. */
  readonly most: number;
  /** Aborted when the operation is over for whoever asked; left out where that cannot happen. */
  readonly signal?: OperationSignal | undefined;
  readonly longWork: Pick<LongWork, 'takeFor'>;
  /** Where the hosts that it holds are counted; left out where nobody counts them. */
  readonly account?: HostAccount | undefined;
}

/** What became of a read. */
type Outcome = JobInstance | JobApiError;

/**
 * Reads of one operation, of each job one, so many under way at a time; the others wait for their turn. Those that an
 * operation asks for together are over together, and have one promise: one for each takes more than all else here.
 */
export class JobReads {
  readonly #read: ReadJob;
  readonly #options: JobReadsOptions;
  readonly #started = new Map<string, JobRead>();
  readonly #waiting: JobRead[] = [];
  #free: number;
  #count = 0;
  /** Null where no hosts have been asked for. */
  #hosts: HostReads | null = null;

  constructor(read: ReadJob, options: JobReadsOptions) {
    this.#read = read;
    this.#options = options;
    this.#free = options.most;
  }

  /** How many reads were needed by now, also of those that have been released. */
  get count(): number {
    return this.#count;
  }

  /** What became of each need, when all of them are met. */
  outcomes(needs: readonly JobNeed[]): Promise<Outcome[]> {
    // Needs with hosts go first, so that a plain need of the same job finds their read and shares it.
    for (const need of needs) if (need.hostDetail) this.#readOnce(need);
    const reads = needs.map((need) => this.#readOnce(need));
    return new Promise((resolve) => {
      const batch = new JobBatch(reads, (outcomes) => {
        // Operations that share a read go through it one after another.
        const turn = this.#options.longWork.takeFor(outcomes.reduce(addHosts, 0));
        resolve(turn === null ? outcomes : turn.then(() => outcomes));
      });
      batch.await();
    });
  }

  /** Nobody looks any more at what was read, so that it is forgotten. */
  release(): void {
    for (const read of this.#started.values()) read.release();
    this.#started.clear();
    this.#hosts?.release();
  }

  #readOnce(need: JobNeed): JobRead {
    const key = jobKey(need.job);
    const earlier = this.#started.get(key);
    if (earlier !== undefined && (earlier.need.hostDetail || !need.hostDetail)) return earlier;
    const read = new JobRead(need);
    this.#started.set(key, read);
    this.#count += 1;
    if (this.#free === 0) this.#waiting.push(read);
    else {
      this.#free -= 1;
      this.#start(read);
    }
    return read;
  }

  #start(read: JobRead): void {
    if (read.need.hostDetail) this.#startWithHosts(read);
    else {
      this.#read(read.need, this.#options.signal).then(
        (job) => {
          this.#end(read, job);
        },
        (thrown: unknown) => {
          this.#end(read, toJobApiError(thrown));
        },
      );
    }
  }

  #startWithHosts(read: JobRead): void {
    const { signal, account } = this.#options;
    const hosts = (this.#hosts ??= new HostReads(signal, account));
    if (hosts.refusal !== null) {
      this.#readWithoutHosts(read, hosts.refusal);
      return;
    }
    this.#read(read.need, hosts).then(
      (job) => {
        this.#endWithHosts(read, job, hosts);
      },
      (thrown: unknown) => {
        const error = toJobApiError(thrown);
        const refusal = hosts.refusalBy(error);
        if (refusal === null) this.#end(read, error);
        else this.#readWithoutHosts(read, refusal, saysDown.has(refusal.code) ? refusal : undefined);
      },
    );
  }

  #endWithHosts(read: JobRead, job: JobInstance, hosts: HostReads): void {
    const refusal = hosts.charge(job);
    if (refusal === null) {
      this.#end(read, job);
      return;
    }
    const withoutHosts = withFailedHostDetail(withoutHostDetail(job), refusal);
    releaseHosts(job);
    this.#end(read, withoutHosts);
  }

  /** Of a job whose hosts the operation may not have the rest is told all the same. */
  #readWithoutHosts(read: JobRead, refusal: JobApiError, afterFailure?: JobApiError): void {
    const { job } = read.need;
    this.#read({ job, hostDetail: false, afterFailure }, this.#options.signal).then(
      (found) => {
        this.#end(read, withFailedHostDetail(found, refusal));
      },
      (thrown: unknown) => {
        this.#end(read, toJobApiError(thrown));
      },
    );
  }

  #end(read: JobRead, outcome: Outcome): void {
    read.end(outcome);
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else this.#start(next);
  }
}

/** One job, read for all that need it. */
class JobRead {
  readonly need: JobNeed;
  outcome: Outcome | null = null;
  readonly #batches: JobBatch[] = [];

  constructor(need: JobNeed) {
    this.need = need;
  }

  /** Tells when it is over, where it is not. */
  tell(batch: JobBatch): void {
    if (this.outcome === null) this.#batches.push(batch);
    else batch.readEnded();
  }

  /** Of one that is not over nobody knows who will look at it. */
  release(): void {
    if (this.need.hostDetail && this.outcome !== null && !(this.outcome instanceof JobApiError)) {
      releaseHosts(this.outcome);
    }
  }

  end(outcome: Outcome): void {
    this.outcome = outcome;
    for (const batch of this.#batches) batch.readEnded();
  }
}

/** Reads that are over together. */
class JobBatch {
  readonly #reads: readonly JobRead[];
  readonly #resolve: (outcomes: Outcome[]) => void;
  #left: number;

  constructor(reads: readonly JobRead[], resolve: (outcomes: Outcome[]) => void) {
    this.#reads = reads;
    this.#resolve = resolve;
    this.#left = reads.length;
  }

  await(): void {
    for (const read of this.#reads) read.tell(this);
  }

  readEnded(): void {
    this.#left -= 1;
    if (this.#left > 0) return;
    const outcomes: Outcome[] = [];
    for (const { outcome } of this.#reads) if (outcome !== null) outcomes.push(outcome);
    this.#resolve(outcomes);
  }
}

function addHosts(sum: number, outcome: Outcome): number {
  return outcome instanceof JobApiError ? sum : sum + hostCountOf(outcome);
}

function jobKey({ scope, jobInstanceId }: JobReference): string {
  return `${scope.kind}:${scope.id}:${jobInstanceId}`;
}
