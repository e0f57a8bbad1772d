import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { JobApiError } from '../../../../src/domain/errors.ts';
import type { OperationClass } from '../../../../src/execution/operation-class.ts';
import type { AdmissionGauges } from '../../../../src/server/admission-observer.ts';
import { createAdmission, type AdmissionLimits } from '../../../../src/server/admission/admission.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const roomy: AdmissionLimits = {
  concurrencyLimit: 100,
  perIdentityConcurrency: 100,
  queue: { max: 100, maxWait: 250 },
  maxEventLoopLag: 200,
};

interface Outcome {
  state: 'waits' | 'runs' | 'refused';
  code?: string;
  leave: () => void;
}

/** An admission whose clock, limit and lag the test holds. */
function openAdmission(limits: Partial<AdmissionLimits> = {}, places = 4) {
  const limit = { current: places };
  const load = { lag: 0, overloads: 0 };
  const turn = {
    number: 0,
    isLong: false,
    arrived: () => undefined,
    hasTime: (budget: number) => !turn.isLong || budget === Infinity,
  };
  const sheds: string[] = [];
  const gauges = new Map<string, AdmissionGauges>();
  const admission = createAdmission({
    limits: { ...roomy, concurrencyLimit: places, ...limits },
    limit,
    lag: () => load.lag,
    turn,
    now: () => performance.now(),
    overloaded: () => load.overloads++,
    observer: {
      classOpened: (name, opened) => gauges.set(name, opened),
      admitted: () => undefined,
      shed: (name, reason) => sheds.push(`${name} ${reason}`),
    },
  });
  const arrive = (
    fingerprint: string | null,
    operationClass: OperationClass = 'plain',
    signal = new AbortController().signal,
  ): Outcome => {
    const outcome: Outcome = { state: 'waits', leave: () => undefined };
    admission.enter({ fingerprint, operationClass, signal }).then(
      (leave) => Object.assign(outcome, { state: 'runs', leave }),
      (error: unknown) =>
        Object.assign(outcome, { state: 'refused', code: error instanceof JobApiError ? error.code : '' }),
    );
    return outcome;
  };
  const overload = () => {
    load.lag = 500;
    admission.refusalOfAnybody();
    load.lag = 0;
  };
  const settle = () => vi.advanceTimersByTimeAsync(0);
  return { admission, limit, load, turn, overload, sheds, gauges, arrive, settle };
}

const states = (outcomes: readonly Outcome[]) => outcomes.map(({ state }) => state);

describe('admission', () => {
  it('lets in as many as may be under way, and the next when one has left', async () => {
    const { arrive, settle } = openAdmission({}, 2);
    const all = [arrive('a'), arrive('b'), arrive('c')];
    await settle();
    expect(states(all)).toEqual(['runs', 'runs', 'waits']);
    all[0]!.leave();
    all[0]!.leave();
    await settle();
    expect(states(all)).toEqual(['runs', 'runs', 'runs']);
  });

  it('turns away who has waited for as long as one may, with a code and a time to come back', async () => {
    const { admission, arrive, sheds, load } = openAdmission({}, 1);
    arrive('a');
    const signal = new AbortController().signal;
    const late = admission.enter({ fingerprint: 'b', operationClass: 'plain', signal });
    const refusal = expect(late).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      retryable: true,
      retryAfter: 1000,
    });
    await vi.advanceTimersByTimeAsync(249);
    expect(sheds).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    await refusal;
    expect(sheds).toEqual(['plain capacity']);
    expect(load.overloads).toBe(1);
  });

  it('turns away at once who would be too many in line', async () => {
    const { arrive, settle } = openAdmission({ queue: { max: 8, maxWait: 250 } }, 1);
    const all = Array.from({ length: 10 }, (_, index) => arrive(`caller ${String(index)}`));
    await settle();
    expect(states(all)).toEqual(['runs', ...Array<string>(8).fill('waits'), 'refused']);
  });

  it('gives a caller a share of the places and of the line, and leaves the rest to others', async () => {
    const limits = { perIdentityConcurrency: 2, queue: { max: 12, maxWait: 250 } };
    const { admission, arrive, settle, sheds, load } = openAdmission(limits, 10);
    const flood = Array.from({ length: 8 }, () => arrive('flood'));
    const other = arrive('other');
    await settle();
    expect(states(flood)).toEqual([
      'runs',
      'runs',
      'waits',
      'waits',
      'waits',
      'refused',
      'refused',
      'refused',
    ]);
    expect(other.state).toBe('runs');
    expect(new Set(sheds)).toEqual(new Set(['plain identity']));
    expect(admission.refusalOf('flood')).toMatchObject({ code: 'RATE_LIMITED' });
    expect(admission.refusalOf('other')).toBeNull();
    // One caller's flood is no reason to send others elsewhere.
    expect(load.overloads).toBe(0);
    flood[0]!.leave();
    await settle();
    expect(flood[2]!.state).toBe('runs');
  });

  it('does not count those that wait for bk-job among those that keep it busy, up to the limit of all', async () => {
    const limits = { concurrencyLimit: 5, queue: { max: 100, maxWait: 2000 } };
    const { admission, arrive } = openAdmission(limits, 2);
    const all = Array.from({ length: 6 }, (_, index) => arrive(`caller ${String(index)}`));
    const running = () => all.filter(({ state }) => state === 'runs').length;
    const pass = async (ms: number) => {
      await vi.advanceTimersByTimeAsync(ms);
      admission.takePeak();
      await vi.advanceTimersByTimeAsync(0);
    };
    await pass(249);
    expect(running()).toBe(2);
    await pass(1);
    expect(running()).toBe(4);
    await pass(250);
    expect(running()).toBe(5);
    await pass(250);
    expect(running()).toBe(5);
    all[0]!.leave();
    await pass(0);
    expect(running()).toBe(6);
  });

  it('lets twenty requests of one caller in by turns, and makes nobody else wait for them', async () => {
    const limits = { perIdentityConcurrency: 2, queue: { max: 80, maxWait: 250 } };
    const { arrive, settle, sheds } = openAdmission(limits, 4);
    const viewers = Array.from({ length: 20 }, () => arrive('viewer'));
    await vi.advanceTimersByTimeAsync(3000);
    expect(sheds).toEqual([]);
    const other = arrive('other');
    await settle();
    expect(other.state).toBe('runs');
    for (const viewer of viewers) {
      await settle();
      expect(viewer.state).toBe('runs');
      viewer.leave();
    }
  });

  it('counts a caller across both kinds of operations', async () => {
    const { arrive, settle } = openAdmission({ perIdentityConcurrency: 2 }, 40);
    const first = arrive('a', 'hosts');
    arrive('a');
    const third = arrive('a');
    await settle();
    expect(third.state).toBe('waits');
    first.leave();
    await settle();
    expect(third.state).toBe('runs');
  });

  it('keeps operations with hosts apart, so that they starve no others', async () => {
    const { arrive, settle } = openAdmission({}, 16);
    const hosts = Array.from({ length: 10 }, (_, index) => arrive(`caller ${String(index)}`, 'hosts'));
    const plain = Array.from({ length: 16 }, (_, index) => arrive(`caller ${String(index)}`));
    await settle();
    expect(states(hosts).filter((state) => state === 'runs')).toHaveLength(4);
    expect(states(plain)).toEqual(Array<string>(16).fill('runs'));
  });

  it('lets many be held, a share of them one caller’s, and takes no place from the others for it', async () => {
    const { arrive, settle } = openAdmission({ perIdentityConcurrency: 2, queue: { max: 0, maxWait: 250 } });
    const held = Array.from({ length: 9 }, () => arrive('a', 'waiting'));
    const others = Array.from({ length: 9 }, (_, index) => arrive(`caller ${String(index)}`, 'waiting'));
    const plain = [arrive('a'), arrive('a')];
    await settle();
    expect(states(held)).toEqual([...Array<string>(8).fill('runs'), 'refused']);
    expect(states(others)).toEqual([...Array<string>(8).fill('runs'), 'refused']);
    expect(states(plain)).toEqual(['runs', 'runs']);
  });

  it('lets one in within a turn of the event loop that is long while some are turned away, and others in the next', async () => {
    const { admission, arrive, settle, turn, overload } = openAdmission({}, 8);
    overload();
    turn.isLong = true;
    const all = [arrive('a'), arrive('b'), arrive('c')];
    await settle();
    expect(states(all)).toEqual(['runs', 'waits', 'waits']);
    turn.number++;
    admission.turnBegun();
    await settle();
    expect(states(all)).toEqual(['runs', 'runs', 'waits']);
    turn.number++;
    turn.isLong = false;
    admission.turnBegun();
    await settle();
    expect(states(all)).toEqual(['runs', 'runs', 'runs']);
  });

  it('lets all in within a turn, however long, while nobody is turned away', async () => {
    const { arrive, settle, turn } = openAdmission({}, 8);
    turn.isLong = true;
    const all = [arrive('a'), arrive('b'), arrive('c')];
    await settle();
    expect(states(all)).toEqual(['runs', 'runs', 'runs']);
  });

  it('turns away who would join a line that the process keeps waiting, and not one that bk-job does', async () => {
    const { arrive, settle, turn } = openAdmission({}, 1);
    const all = [arrive('a'), arrive('b')];
    await vi.advanceTimersByTimeAsync(50);
    const behindBkJob = arrive('c');
    turn.isLong = true;
    const behindProcess = arrive('d');
    await settle();
    expect(states(all)).toEqual(['runs', 'waits']);
    expect([behindBkJob.state, behindProcess.state]).toEqual(['waits', 'refused']);
  });

  it('lets operations of each kind in within each turn, however long others make it', async () => {
    const { arrive, settle, turn, overload } = openAdmission({}, 8);
    overload();
    turn.isLong = true;
    const plain = [arrive('a'), arrive('b')];
    const hosts = [arrive('c', 'hosts'), arrive('d', 'hosts')];
    await settle();
    expect(states([...plain, ...hosts])).toEqual(['runs', 'waits', 'runs', 'waits']);
  });

  it('has short lines and waits for a second after somebody was turned away', async () => {
    const { admission, arrive, settle } = openAdmission({ queue: { max: 16, maxWait: 250 } }, 16);
    const running = Array.from({ length: 16 }, (_, index) => arrive(`r${String(index)}`));
    const waiting = Array.from({ length: 17 }, (_, index) => arrive(`w${String(index)}`));
    await settle();
    expect(waiting[16]!.state).toBe('refused');
    expect(admission.refusalOf('anybody')).toMatchObject({ code: 'RATE_LIMITED' });
    running[0]!.leave();
    await settle();
    expect(states(waiting.slice(14))).toEqual(['waits', 'waits', 'refused']);
    expect(waiting[0]!.state).toBe('runs');
    await vi.advanceTimersByTimeAsync(250);
    const late = arrive('late');
    await vi.advanceTimersByTimeAsync(10);
    expect(late.state).toBe('refused');
    await vi.advanceTimersByTimeAsync(1000);
    const patient = arrive('patient');
    await vi.advanceTimersByTimeAsync(240);
    expect(patient.state).toBe('waits');
  });

  it('keeps a line four times as long for operations with hosts meanwhile, who wait as long as ever', async () => {
    const { arrive, overload, sheds } = openAdmission({ queue: { max: 16, maxWait: 250 } }, 8);
    overload();
    for (let caller = 0; caller < 67; caller += 1) arrive(String(caller), 'hosts');
    await vi.advanceTimersByTimeAsync(249);
    expect(sheds).toEqual(['plain event-loop', 'hosts capacity']);
    await vi.advanceTimersByTimeAsync(1);
    expect(sheds.slice(2)).toEqual(Array.from({ length: 64 }, () => 'hosts capacity'));
  });

  it('turns away operations with hosts while the event loop is late, and all while it is very late', async () => {
    const { admission, arrive, settle, load, sheds } = openAdmission();
    load.lag = 250;
    const [hosts, plain] = [arrive('a', 'hosts'), arrive('a')];
    await settle();
    expect([hosts.state, plain.state]).toEqual(['refused', 'runs']);
    load.lag = 450;
    expect(admission.refusalOf('a')).toMatchObject({ code: 'RATE_LIMITED' });
    expect(sheds).toEqual(['hosts event-loop', 'plain event-loop']);
  });

  it('lets nobody wait who has left, and gives the reason', async () => {
    const { arrive, settle, gauges } = openAdmission({}, 1);
    const running = arrive('a');
    const controller = new AbortController();
    const leaver = arrive('b', 'plain', controller.signal);
    await settle();
    controller.abort(new JobApiError('UPSTREAM_TIMEOUT'));
    await settle();
    expect(leaver).toMatchObject({ state: 'refused', code: 'UPSTREAM_TIMEOUT' });
    running.leave();
    expect(gauges.get('plain')?.running()).toBe(0);
    expect(gauges.get('plain')?.waiting()).toBe(0);
  });

  it('never has more under way than may be, loses nobody, and ends empty, whatever comes', async () => {
    const step = fc.record({
      caller: fc.constantFrom('a', 'b', 'c', null),
      operationClass: fc.constantFrom<OperationClass[]>('plain', 'hosts'),
      leaves: fc.nat({ max: 3 }),
      // Together less than it takes for an operation to be one that waits for bk-job.
      wait: fc.nat({ max: 4 }),
      places: fc.integer({ min: 1, max: 9 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const limits = { perIdentityConcurrency: 3, queue: { max: 6, maxWait: 100 } };
        const { arrive, limit, gauges, settle } = openAdmission(limits, 9);
        const all: Outcome[] = [];
        for (const { caller, operationClass, leaves, wait, places } of steps) {
          limit.current = places;
          const before = gauges.get('plain')!.running();
          all.push(arrive(caller, operationClass));
          expect(gauges.get('plain')!.running()).toBeLessThanOrEqual(Math.max(before, places));
          await vi.advanceTimersByTimeAsync(wait);
          const running = all.filter(({ state }) => state === 'runs');
          for (const outcome of running.slice(0, leaves)) {
            outcome.leave();
            outcome.state = 'refused';
          }
        }
        // Who waits for an own place waits longest, twenty times as long as the others.
        await vi.advanceTimersByTimeAsync(20 * 100);
        expect(states(all)).not.toContain('waits');
        const open = [...gauges.values()].reduce((sum, one) => sum + one.running(), 0);
        expect(open).toBe(all.filter(({ state }) => state === 'runs').length);
        for (const { leave } of all) leave();
        await settle();
        for (const one of gauges.values()) expect([one.running(), one.waiting()]).toEqual([0, 0]);
      }),
      { numRuns: 200 },
    );
  });
});
