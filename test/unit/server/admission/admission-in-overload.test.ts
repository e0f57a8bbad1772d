import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { OperationClass } from '../../../../src/execution/operation-class.ts';
import { openAdmission, states } from '../../../support/open-admission.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('admission while there is too much to do', () => {
  it('lets one in within a turn of the event loop that is long while some are turned away, and others in the next', async () => {
    const { admission, arrive, settle, turn, overload } = openAdmission({}, 8);
    overload();
    turn.took = 5;
    const all = [arrive('a'), arrive('b'), arrive('c')];
    await settle();
    expect(states(all)).toEqual(['runs', 'waits', 'waits']);
    turn.number++;
    admission.turnBegun();
    await settle();
    expect(states(all)).toEqual(['runs', 'runs', 'waits']);
    turn.number++;
    turn.took = 0;
    admission.turnBegun();
    await settle();
    expect(states(all)).toEqual(['runs', 'runs', 'runs']);
  });

  it('lets operations in for a part of a turn as long as those before it, however many are turned away', async () => {
    const { arrive, settle, turn, overload } = openAdmission({}, 8);
    overload();
    turn.previous = 100;
    turn.took = 14;
    const inTime = [arrive('a'), arrive('b')];
    turn.took = 15;
    const late = arrive('c');
    await settle();
    expect(states([...inTime, late])).toEqual(['runs', 'runs', 'waits']);
  });

  it('lets all in within a turn, however long, while nobody is turned away', async () => {
    const { arrive, settle, turn } = openAdmission({}, 8);
    turn.took = 5;
    const all = [arrive('a'), arrive('b'), arrive('c')];
    await settle();
    expect(states(all)).toEqual(['runs', 'runs', 'runs']);
  });

  it('turns away who would join a line that the process keeps waiting, and not one that bk-job does', async () => {
    const { arrive, settle, turn } = openAdmission({}, 1);
    const all = [arrive('a'), arrive('b')];
    await vi.advanceTimersByTimeAsync(50);
    const behindBkJob = arrive('c');
    turn.took = 5;
    const behindProcess = arrive('d');
    await settle();
    expect(states(all)).toEqual(['runs', 'waits']);
    expect([behindBkJob.state, behindProcess.state]).toEqual(['waits', 'refused']);
  });

  it('lets operations of each kind in within each turn, however long others make it', async () => {
    const { arrive, settle, turn, overload } = openAdmission({}, 8);
    overload();
    turn.took = 5;
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

  it('takes no place that bk-job keeps for an overload of this process', async () => {
    const { admission, arrive, load, sheds, turn } = openAdmission({ queue: { max: 0, maxWait: 250 } }, 8);
    const fill = async (operationClass: OperationClass, places: number) => {
      for (let caller = 0; caller < places; caller += 1) arrive(String(caller), operationClass);
      await vi.advanceTimersByTimeAsync(250);
      admission.takePeak();
      arrive('late', operationClass);
      await vi.advanceTimersByTimeAsync(0);
    };
    await fill('hosts', 2);
    await fill('plain', 8);
    expect(sheds).toEqual(['hosts capacity', 'plain capacity']);
    expect(load.overloads).toBe(0);
    load.lag = 10;
    await fill('hosts', 0);
    expect(load.overloads).toBe(1);
    load.lag = 0;
    turn.took = 5;
    await fill('hosts', 0);
    expect(load.overloads).toBe(2);
  });

  it('turns away who asks for hosts while the event loop is late, who waits for a job while it is later, and at last all', async () => {
    const { admission, arrive, settle, load, sheds } = openAdmission();
    const statesOfClasses = async () => {
      const all = (['hosts', 'waiting', 'plain'] as const).map((one) => arrive('a', one));
      await settle();
      return states(all);
    };
    load.lag = 250;
    expect(await statesOfClasses()).toEqual(['refused', 'runs', 'runs']);
    load.lag = 350;
    expect(await statesOfClasses()).toEqual(['refused', 'refused', 'runs']);
    load.lag = 450;
    expect(admission.refusalOf('a')).toMatchObject({ code: 'RATE_LIMITED' });
    expect(sheds.slice(1)).toEqual(['hosts event-loop', 'waiting event-loop', 'plain event-loop']);
  });
});
