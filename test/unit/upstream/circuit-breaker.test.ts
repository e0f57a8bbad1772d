import { describe, expect, it } from 'vitest';
import { JobApiError, type JobApiErrorCode } from '../../../src/domain/errors.ts';
import { createCircuitBreaker } from '../../../src/upstream/circuit-breaker.ts';

/** A breaker on a clock that stands until it is moved, before an upstream that can be switched. */
function createScene() {
  let time = 1_000_000;
  let calls = 0;
  let failure: JobApiErrorCode | null = null;
  const breaker = createCircuitBreaker({
    now: () => time,
    rollingDuration: 30_000,
    requestThreshold: 20,
    callerThreshold: 3,
    errorThreshold: 0.5,
    sleepWindow: 1_000,
  });
  const ask = (caller: string): Promise<string> =>
    breaker.run(caller, () => {
      calls += 1;
      return failure === null ? Promise.resolve('answer') : Promise.reject(new JobApiError(failure));
    });
  return {
    /** Asks so many times, by so many callers in turn. Tells how often the upstream was asked. */
    askTimes: async (times: number, callers = 3): Promise<number> => {
      const before = calls;
      for (let index = 0; index < times; index += 1)
        await ask(`caller ${String(index % callers)}`).catch(() => null);
      return calls - before;
    },
    ask,
    fail: (code: JobApiErrorCode | null) => {
      failure = code;
    },
    pass: (milliseconds: number) => {
      time += milliseconds;
    },
  };
}

describe('an upstream that is down', () => {
  it.each(['UPSTREAM_UNAVAILABLE', 'UPSTREAM_TIMEOUT'] as const)(
    'is spared after 20 calls that end in %s',
    async (code) => {
      const scene = createScene();
      scene.fail(code);
      expect(await scene.askTimes(50)).toBe(20);
      await expect(scene.ask('anybody')).rejects.toMatchObject({
        code: 'UPSTREAM_UNAVAILABLE',
        retryAfter: 1_000,
      });
      scene.pass(400);
      await expect(scene.ask('anybody')).rejects.toMatchObject({ retryAfter: 600 });
    },
  );

  it('is tried by one call when a second has passed, and spared again where that fails', async () => {
    const scene = createScene();
    scene.fail('UPSTREAM_UNAVAILABLE');
    await scene.askTimes(20);
    for (const pause of [1_000, 1_000, 5_000]) {
      scene.pass(pause);
      expect(await scene.askTimes(10)).toBe(1);
    }
    scene.pass(999);
    expect(await scene.askTimes(10)).toBe(0);
  });

  it('is asked by everybody again as soon as one call has been answered', async () => {
    const scene = createScene();
    scene.fail('UPSTREAM_TIMEOUT');
    await scene.askTimes(20);
    scene.fail(null);
    scene.pass(1_000);
    expect(await scene.askTimes(10)).toBe(10);
    scene.fail('UPSTREAM_TIMEOUT');
    expect(await scene.askTimes(50)).toBe(20 - 9);
  });

  it('is tried by one call only, while that is under way', async () => {
    const scene = createScene();
    scene.fail('UPSTREAM_TIMEOUT');
    await scene.askTimes(20);
    scene.pass(1_000);
    const trial = scene.ask('first');
    await expect(scene.ask('second')).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      retryAfter: 1_000,
    });
    await expect(trial).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT', retryAfter: null });
  });
});

describe('an upstream is not spared', () => {
  it('for fewer than 20 calls', async () => {
    const scene = createScene();
    scene.fail('UPSTREAM_UNAVAILABLE');
    expect(await scene.askTimes(19)).toBe(19);
    scene.fail(null);
    expect(await scene.askTimes(1)).toBe(1);
  });

  it('for the trouble of one caller or two', async () => {
    const scene = createScene();
    scene.fail('UPSTREAM_TIMEOUT');
    expect(await scene.askTimes(100, 2)).toBe(100);
  });

  it('while more than half of the calls are answered', async () => {
    const scene = createScene();
    expect(await scene.askTimes(21)).toBe(21);
    scene.fail('UPSTREAM_TIMEOUT');
    expect(await scene.askTimes(20)).toBe(20);
    expect(await scene.askTimes(1)).toBe(1);
    expect(await scene.askTimes(1)).toBe(0);
  });

  it('for failures that are long past', async () => {
    const scene = createScene();
    scene.fail('UPSTREAM_TIMEOUT');
    await scene.askTimes(19);
    scene.pass(30_000);
    expect(await scene.askTimes(19)).toBe(19);
    scene.pass(29_000);
    expect(await scene.askTimes(5)).toBe(1);
  });

  it.each([
    'NOT_FOUND',
    'PERMISSION_DENIED',
    'UNAUTHENTICATED',
    'RATE_LIMITED',
    'UPSTREAM_ERROR',
    'UPSTREAM_BAD_RESPONSE',
  ] as const)('for %s, which it says itself', async (code) => {
    const scene = createScene();
    scene.fail(code);
    expect(await scene.askTimes(100)).toBe(100);
  });
});

it('calls that were under way when it was spared do not count afterwards', async () => {
  const scene = createScene();
  scene.fail('UPSTREAM_UNAVAILABLE');
  await scene.askTimes(18);
  const together = await Promise.allSettled([1, 2, 3, 4].map((caller) => scene.ask(String(caller))));
  expect(together.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'rejected']);
  scene.pass(1_000);
  scene.fail(null);
  expect(await scene.askTimes(5)).toBe(5);
});
