import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryOf } from '../../../../src/domain/create-job-instance.ts';
import { JobApiError } from '../../../../src/domain/errors.ts';
import type { JobInstance } from '../../../../src/domain/job-instance.ts';
import {
  StreamMemory,
  type KeptByStream,
  type KeptState,
} from '../../../../src/execution/subscriptions/stream-memory.ts';
import { buildJob, hostRow, stepData } from '../../../support/build-job.ts';

const small = 16 * 1024;

function jobOf(hosts: number): JobInstance {
  const ipResults = Array.from({ length: hosts }, (_, host) => hostRow({ bkHostId: String(host) }));
  return buildJob({ steps: [stepData({ ipResults })] });
}

interface State extends KeptState {
  readonly message: Uint8Array;
}

const stateOf = (job: JobInstance, bytes: number): State => ({
  job,
  message: new Uint8Array(bytes),
  isLast: false,
});

const accounts = ['alice', 'bob', 'carol'] as const;

/** Of each caller jobs that are small, and some that are not. A job is read for one caller. */
const jobs = (): readonly JobInstance[] => [0, 1, 100, 200, 400].map(jobOf);
const jobsOf = { alice: jobs(), bob: jobs(), carol: jobs() };

interface Stream {
  readonly account: (typeof accounts)[number];
  readonly kept: KeptByStream;
  state: State | null;
}

/** What streams take, each job counted once. */
function bytesOf(streams: readonly Stream[]): number {
  const states = streams.flatMap(({ state }) => state ?? []);
  const ofJobs = [...new Set(states.map(({ job }) => job))].reduce((sum, job) => sum + memoryOf(job), 0);
  return states.reduce((sum, { message }) => sum + message.length, ofJobs);
}

const max = 400 * 1024;

function hasRoom(others: readonly Stream[], account: string, { job, message }: State): boolean {
  const isKept = others.some(({ state }) => state?.job === job);
  const more = message.length + (isKept ? 0 : memoryOf(job));
  const all = bytesOf(others);
  const own = bytesOf(others.filter((other) => other.account === account));
  return more <= small || ((all === 0 || all + more <= max) && (own === 0 || own + more <= max / 4));
}

const step = fc.record({
  stream: fc.nat({ max: 8 }),
  bytes: fc.nat({ max: 90 * 1024 }),
  job: fc.nat({ max: 4 }),
  isEnd: fc.boolean(),
});

describe('what streams keep', () => {
  it('is let in exactly where the others leave room, each job counted once', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const memory = new StreamMemory(max);
        const begin = (index: number): Stream => {
          const account = accounts[index % accounts.length]!;
          return { account, kept: memory.begin(account), state: null };
        };
        const streams = Array.from({ length: 9 }, (_, index) => begin(index));
        for (const { stream: index, bytes, job, isEnd } of steps) {
          const stream = streams[index]!;
          if (isEnd) {
            stream.kept.end();
            streams[index] = begin(index);
          } else {
            const state = stateOf(jobsOf[stream.account][job]!, bytes);
            stream.state = null;
            if (hasRoom(streams, stream.account, state)) {
              stream.kept.keep(state);
              stream.state = state;
            } else expect(() => stream.kept.keep(state)).toThrow(JobApiError);
          }
          expect(memory.taken).toBe(bytesOf(streams));
        }
      }),
    );
  });

  it('is nothing once a stream has ended, whatever was being made', () => {
    const memory = new StreamMemory(max);
    const kept = memory.begin('alice');
    kept.keep(stateOf(jobsOf.alice[3]!, 1000));
    kept.end();
    kept.keep(stateOf(jobsOf.alice[3]!, 1000));
    kept.end();
    expect(memory.taken).toBe(0);
  });

  it('is let in with how a job ended that was followed, and not with how one ended before', () => {
    const memory = new StreamMemory(max);
    memory.begin('alice').keep(stateOf(jobsOf.alice[0]!, max / 4 - small));
    const followed = memory.begin('alice');
    followed.keep({ job: jobsOf.alice[1]!, message: null, isLast: false });
    const end = { job: jobsOf.alice[4]!, isLast: true };
    expect(() => {
      memory.begin('alice').keep({ ...end, message: null });
    }).toThrow(JobApiError);
    followed.keep({ ...end, message: null });
    followed.keep({ ...end, message: new Uint8Array(max) });
    expect(memory.taken).toBeGreaterThan(max);
  });

  it('is refused by what a caller has, and by what all have', () => {
    const memory = new StreamMemory(max);
    const keep = (account: string, bytes: number): void => {
      memory.begin(account).keep(stateOf(jobsOf.alice[0]!, bytes));
    };
    keep('alice', max / 2);
    expect(() => {
      keep('alice', small);
    }).not.toThrow();
    expect(() => {
      keep('alice', small + 1);
    }).toThrow('The streams of one caller are of too many hosts all together.');
    keep('bob', max / 4);
    expect(() => {
      keep('carol', max / 4);
    }).toThrow('This service has no room for more hosts that are followed.');
  });
});
