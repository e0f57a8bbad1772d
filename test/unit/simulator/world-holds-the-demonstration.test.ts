import { describe, expect, it } from 'vitest';
import { ipResultPhase } from '../../../src/domain/status-codes.ts';
import { addDemoWorld } from '../../../src/simulator/demo/demo-world.ts';
import type { SimulatedHost, SimulatedJob, SimulatedStep } from '../../../src/simulator/job-model.ts';
import { createRandom } from '../../../src/simulator/random.ts';
import { createWorld, scopeKey, type SimulatedWorld } from '../../../src/simulator/world.ts';

const start = 1_800_000_000_000;

function demoWorld(clock: { now: number } = { now: start }, seed = 1): SimulatedWorld {
  const world = createWorld(() => clock.now);
  addDemoWorld(world, { start: clock.now, random: createRandom(seed) });
  return world;
}

function rowsOf({ hosts }: SimulatedStep): readonly SimulatedHost[] {
  return typeof hosts === 'function' ? hosts() : (hosts ?? []);
}

const business = { type: 'biz', id: '2' } as const;

function jobOf(world: SimulatedWorld, jobInstanceId: string): SimulatedJob {
  const job = world.findJob(business, jobInstanceId);
  if (job === null) throw new Error(`The world has no job ${jobInstanceId}.`);
  return job;
}

const hostsOf = (job: SimulatedJob) => job.steps.flatMap(rowsOf);

describe('the demonstration', () => {
  it('holds every job that its description lists', () => {
    const numbers = (first: number, count: number) =>
      Array.from({ length: count }, (_, index) => `biz:2:${String(first + index)}`);
    const listed = [
      'biz:1:100',
      'biz:2:9007199254740993',
      'biz_set:9:20000000030',
      'tenant_set:7:20000000031',
      ...numbers(20_000_000_001, 22),
      ...numbers(20_000_001_001, 60),
    ];
    const held = demoWorld()
      .jobs()
      .map(({ scope, jobInstanceId }) => `${scopeKey(scope)}:${jobInstanceId}`);
    expect(held.toSorted()).toEqual(listed.toSorted());
  });

  it('says of every job what it is there to show', () => {
    for (const { shows } of demoWorld().jobs()) expect(shows).toMatch(/^[A-Z0-9].{10,}\.$/);
  });

  it.each([
    ['20000000001', 1, [1, 1]],
    ['20000000003', 7, [3, 7, 1]],
    ['20000000004', 4, [3, 4, 1]],
    ['20000000005', 11, [11]],
    ['20000000006', 3, [3]],
    ['20000000007', 2, [15]],
    ['20000000010', 16, [16]],
    ['20000000015', 3, [5, 3]],
    ['20000000016', 13, [3, 13, 1]],
    ['20000000017', 14, [14]],
    ['20000000018', 3, [6, 3]],
    ['20000000019', 2, [4]],
    ['20000000020', 10, [10]],
  ])('has job %s in status %i with steps in %j', (jobInstanceId, statusCode, steps) => {
    const job = jobOf(demoWorld(), jobInstanceId);
    expect([job.statusCode, job.steps.map((step) => step.statusCode)]).toEqual([statusCode, steps]);
  });

  it('has a job that failed on 3 of 12 hosts in three ways', () => {
    const [, step] = jobOf(demoWorld(), '20000000004').steps;
    const failed = rowsOf(step!).filter(({ statusCode }) => ipResultPhase(statusCode) === 'FAILED');
    expect(rowsOf(step!)).toHaveLength(12);
    expect(failed.map(({ statusCode, exitCode, tag }) => [statusCode, exitCode, tag])).toEqual([
      [104, 7, 'port in use'],
      [102, 0, 'no answer'],
      [310, 0, ''],
    ]);
  });

  it.each([1, 2, 3])('has 10,000 hosts of which 37 failed, with seed %i', (seed) => {
    const hosts = hostsOf(jobOf(demoWorld({ now: start }, seed), '20000000009'));
    const failed = hosts.filter(({ statusCode }) => ipResultPhase(statusCode) !== 'SUCCEEDED');
    expect(hosts).toHaveLength(10_000);
    expect(new Set(hosts.map(({ bkHostId }) => bkHostId)).size).toBe(10_000);
    expect(new Set(hosts.map(({ ip }) => ip)).size).toBe(10_000);
    expect(failed).toHaveLength(37);
    expect(failed.every(({ statusCode }) => ipResultPhase(statusCode) === 'FAILED')).toBe(true);
    expect(new Set(failed.map(({ statusCode }) => statusCode)).size).toBe(6);
  });

  it('has hosts twice in the rolling step, and one host without an ip', () => {
    const rolling = hostsOf(jobOf(demoWorld(), '20000000007'));
    expect(rolling).toHaveLength(8);
    expect(new Set(rolling.map(({ bkHostId }) => bkHostId)).size).toBe(4);
    expect(hostsOf(jobOf(demoWorld(), '20000000008')).filter(({ ip }) => ip === null)).toHaveLength(1);
  });

  it('has small jobs in every state, with two steps each', () => {
    const small = demoWorld()
      .jobs()
      .filter(({ jobInstanceId }) => jobInstanceId.startsWith('200000010'));
    expect(new Set(small.map(({ statusCode }) => statusCode))).toEqual(new Set([1, 2, 3, 4, 11]));
    expect(small.every(({ steps }) => steps.length === 2)).toBe(true);
  });

  it('keeps to addresses that nobody has', () => {
    const free = /^(?:192\.0\.2|198\.51\.100|203\.0\.113|10\.\d+\.\d+)\.\d+$/;
    const ips = demoWorld()
      .jobs()
      .flatMap(hostsOf)
      .flatMap(({ ip }) => (ip === null || ip === undefined ? [] : [ip]));
    expect(ips.filter((ip) => !free.test(ip))).toEqual([]);
  });

  it('has a total time that is the time between start and end, wherever all three are told', () => {
    for (const job of demoWorld().jobs()) {
      for (const { startTime, endTime, totalTime } of [job, ...job.steps, ...hostsOf(job)]) {
        if (typeof startTime !== 'number' || typeof endTime !== 'number' || typeof totalTime !== 'number')
          continue;
        expect(endTime - startTime).toBe(totalTime);
      }
    }
  });

  it('ends nothing before it began, and nothing later than now', () => {
    for (const job of demoWorld().jobs()) {
      for (const { startTime, endTime } of [job, ...job.steps, ...hostsOf(job)]) {
        if (typeof endTime === 'number') expect(endTime).toBeGreaterThanOrEqual(startTime ?? Infinity);
        expect(Math.max(startTime ?? 0, endTime ?? 0)).toBeLessThanOrEqual(start);
      }
    }
  });
});

describe('the seed', () => {
  const everything = (seed: number) =>
    demoWorld({ now: start }, seed)
      .jobs()
      .map((job) => ({ ...job, steps: job.steps.map((step) => ({ ...step, hosts: rowsOf(step) })) }));

  it('decides the world: equal seeds, equal worlds', () => {
    expect(everything(7)).toEqual(everything(7));
  });

  it('makes another world of another number', () => {
    expect(everything(7)).not.toEqual(everything(8));
  });
});

describe('the running job', () => {
  const at = (seconds: number) => {
    const clock = { now: start };
    const world = demoWorld(clock);
    clock.now = start + seconds * 1000;
    return jobOf(world, '20000000002');
  };
  const done = (job: SimulatedJob) => hostsOf(job).filter(({ statusCode }) => statusCode === 9).length;

  it('has hosts in each state when it is first seen', () => {
    expect(at(0).statusCode).toBe(2);
    expect(new Set(hostsOf(at(0)).map(({ statusCode }) => statusCode))).toEqual(new Set([5, 7, 9]));
  });

  it('moves on with the clock and never back', () => {
    const counts = Array.from({ length: 13 }, (_, index) => done(at(index * 10)));
    expect(counts).toEqual(counts.toSorted((one, other) => one - other));
    expect(new Set(counts).size).toBeGreaterThan(10);
  });

  it('has succeeded after two minutes, and stays so', () => {
    expect(at(119.9)).toMatchObject({ statusCode: 2, endTime: null, totalTime: null });
    expect(at(120)).toMatchObject({ statusCode: 3, endTime: start + 120_000, totalTime: 140_000 });
    expect(at(86_400)).toEqual(at(120));
    expect(at(120).steps.map(({ statusCode }) => statusCode)).toEqual([3, 3, 3]);
    expect(done(at(120))).toBe(72);
  });

  it('runs one step at a time, and lists no hosts of a step that has not begun', () => {
    for (let seconds = 0; seconds < 120; seconds += 5) {
      const { steps } = at(seconds);
      expect(steps.filter(({ statusCode }) => statusCode === 2)).toHaveLength(1);
      expect(
        steps.filter(({ statusCode }) => statusCode === 1).every((step) => rowsOf(step).length === 0),
      ).toBe(true);
    }
  });
});

describe('the job that is retried for ever', () => {
  const at = (seconds: number) => {
    const clock = { now: start };
    const world = demoWorld(clock);
    clock.now = start + seconds * 1000;
    return jobOf(world, '20000000022');
  };
  const failed = (job: SimulatedJob) =>
    hostsOf(job).filter(({ statusCode }) => ipResultPhase(statusCode) === 'FAILED');

  it('fails, and runs again half a minute later in another attempt', () => {
    const states = [0, 39.9, 40, 69.9, 70, 114.9, 115].map((seconds) => {
      const { statusCode, steps } = at(seconds);
      return [statusCode, steps[1]!.statusCode, steps[1]!.executeCount];
    });
    expect(states).toEqual([
      [2, 2, 0],
      [2, 2, 0],
      [4, 4, 0],
      [4, 4, 0],
      [2, 2, 1],
      [2, 2, 1],
      [4, 4, 1],
    ]);
  });

  it('fails on five hosts each time, and on other ones', () => {
    const attempts = [40, 115, 190].map((seconds) => failed(at(seconds)).map(({ ip }) => ip));
    expect(attempts.map((ips) => ips.length)).toEqual([5, 5, 5]);
    expect(new Set(attempts.map((ips) => ips.join())).size).toBe(3);
  });
});

describe('a world', () => {
  it('takes jobs in place of others, and lets them go', () => {
    const world = demoWorld();
    const job = jobOf(world, '20000000001');
    world.addJob({ ...job, name: 'another' });
    expect(jobOf(world, '20000000001').name).toBe('another');
    world.removeJob(business, '20000000001');
    expect(world.findJob(business, '20000000001')).toBeNull();
    expect(world.scopeName(business)).toBe('demo-biz');
  });

  it('knows the scope of a job that was added', () => {
    const world = createWorld(() => start);
    const scope = { type: 'biz_set', id: '12' } as const;
    expect(world.scopeName(scope)).toBeNull();
    world.addJob({ scope, jobInstanceId: '1', statusCode: 1, steps: [] });
    expect(world.scopeName(scope)).not.toBeNull();
  });

  it.each([
    { jobInstanceId: 'x' },
    { scope: { type: 'biz', id: '' } as const },
    { bkBizId: '1e3' },
    { steps: [{ stepInstanceId: '0x1', statusCode: 1, hosts: [] }] },
    { steps: [{ stepInstanceId: '1', statusCode: 1, hosts: [{ bkHostId: '1.5', statusCode: 9 }] }] },
  ])('refuses ids that are not made of digits: %j', (wrong) => {
    const world = createWorld(() => start);
    const job = { scope: business, jobInstanceId: '1', statusCode: 1, steps: [] };
    expect(() => world.addJob({ ...job, ...wrong })).toThrow(TypeError);
  });
});
