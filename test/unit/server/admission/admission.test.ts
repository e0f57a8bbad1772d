import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { JobApiError } from '../../../../src/domain/errors.ts';
import type { OperationClass } from '../../../../src/execution/operation-class.ts';
import { openAdmission, states, type Outcome } from '../../../support/open-admission.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

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
    const late = admission.enter({ account: 'b', operationClass: 'plain', signal });
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

  it('has a line for those who wait for own places beside that for all', async () => {
    const limits = { perIdentityConcurrency: 1, queue: { max: 4, maxWait: 250 } };
    const { arrive, settle, sheds } = openAdmission(limits, 8);
    const running = [arrive('a', 'hosts'), arrive('b', 'hosts')];
    const others = Array.from({ length: 16 }, (_, index) => arrive(String(index), 'hosts'));
    const own = arrive('a', 'hosts');
    const tooMany = arrive('late', 'hosts');
    await settle();
    expect(states([...running, ...others, own, tooMany])).toEqual([
      'runs',
      'runs',
      ...Array<string>(17).fill('waits'),
      'refused',
    ]);
    expect(sheds).toEqual(['hosts capacity']);
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

  it('lets nobody in who leaves together with the one whose place he gets', async () => {
    const { arrive, settle, gauges } = openAdmission({}, 1);
    const running = arrive('a');
    const controller = new AbortController();
    const leaver = arrive('b', 'plain', controller.signal);
    await settle();
    running.leave();
    controller.abort(new JobApiError('UPSTREAM_TIMEOUT'));
    const next = arrive('c');
    await settle();
    expect(leaver).toMatchObject({ state: 'refused', code: 'UPSTREAM_TIMEOUT' });
    expect(next.state).toBe('runs');
    expect(gauges.get('plain')?.running()).toBe(1);
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
