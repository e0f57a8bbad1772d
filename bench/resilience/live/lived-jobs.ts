import type { SimulatedWorld } from '../../../src/simulator/world.ts';
import type { HistoryEvent } from '../../../test/support/history-checker/history.ts';

/** Jobs that run for some seconds and change several times until they are over; then others come in their places. */
export interface LivedJobs {
  /** Number of the job that is at a place now. */
  at(place: number): string;
}

/** What jobs live with. */
export interface LivedJobsOptions {
  readonly world: Pick<SimulatedWorld, 'addJob'>;
  readonly identity: string;
  readonly random: () => number;
  /** Is told of each state that bk-job gives. */
  readonly record: (event: HistoryEvent) => void;
}

interface Life {
  readonly job: string;
  readonly begin: number;
  readonly end: number;
}

const shortest = 3000;
const longest = 7000;

/** How long a state lasts. */
const stateTime = 400;

/** Makes jobs of one caller. The name of each holds who sees it, and which state it is. */
export function createLivedJobs({ world, identity, random, record }: LivedJobsOptions): LivedJobs {
  const lives = new Map<number, Life>();
  let count = 0;
  let reads = 0;

  function add(place: number): Life {
    count += 1;
    const begin = Date.now();
    const life = {
      job: String(1000 + count),
      begin,
      end: begin + shortest + random() * (longest - shortest),
    };
    lives.set(place, life);
    world.addJob(() => {
      const now = Date.now();
      const finished = now >= life.end;
      const version = Math.floor((Math.min(now, life.end) - begin) / stateTime) + (finished ? 1 : 0);
      reads += 1;
      record({ kind: 'read-begun', read: reads, identity, job: life.job });
      const state = { identity, job: life.job, version, finished };
      record({ kind: 'read-ended', read: reads, state });
      return jobOf(life, `${identity} ${String(version)}`, finished);
    });
    return life;
  }

  return {
    at: (place) => {
      const known = lives.get(place);
      return (known === undefined || Date.now() >= known.end ? add(place) : known).job;
    },
  };
}

function jobOf({ job, begin, end }: Life, name: string, finished: boolean) {
  const statusCode = finished ? 3 : 2;
  const times = { startTime: begin, createTime: begin, ...(finished && { endTime: Math.floor(end) }) };
  return {
    scope: { type: 'biz', id: '2' } as const,
    jobInstanceId: job,
    name,
    statusCode,
    operator: 'alice',
    ...times,
    steps: [
      {
        stepInstanceId: `${job}1`,
        name: 'step',
        statusCode,
        typeCode: 1,
        executeCount: 0,
        ...times,
        hosts: [],
      },
    ],
  };
}
