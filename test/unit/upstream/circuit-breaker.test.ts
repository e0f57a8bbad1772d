import { describe, expect, it } from 'vitest';
import { createCircuitBreaker, type Liveness } from '../../../src/upstream/circuit-breaker.ts';
import type { CircuitBreakerState } from '../../../src/upstream/upstream-observer.ts';

/** A breaker on a clock that stands until it is moved, before an upstream that can be switched. */
function createScene() {
  let time = 1_000_000;
  let calls = 0;
  let isDown = false;
  const states: CircuitBreakerState[] = [];
  const breaker = createCircuitBreaker({
    now: () => time,
    changed: (state) => states.push(state),
    rollingDuration: 30_000,
    requestThreshold: 20,
    callerThreshold: 3,
    errorThreshold: 0.5,
    sleepWindow: 1_000,
  });
  const begin = (caller: string): ((liveness: Liveness) => void) => {
    const refusal = breaker.refusal(caller);
    if (refusal !== null) throw refusal;
    const admission = breaker.admit(caller);
    calls += 1;
    return (liveness) => {
      breaker.settle(admission, liveness, caller);
    };
  };
  const ask = (caller: string): void => {
    begin(caller)(isDown ? 'down' : 'alive');
  };
  return {
    /** Asks so many times, by so many callers in turn. Tells how often the upstream was asked. */
    askTimes: (times: number, callers = 3): number => {
      const before = calls;
      for (let index = 0; index < times; index += 1) {
        try {
          ask(`caller ${String(index % callers)}`);
        } catch {
          // Refused.
        }
      }
      return calls - before;
    },
    begin,
    refusal: () => breaker.refusal('somebody'),
    states,
    fail: (down: boolean) => {
      isDown = down;
    },
    pass: (milliseconds: number) => {
      time += milliseconds;
    },
  };
}

describe('an upstream that is down', () => {
  it('is spared after 20 calls', () => {
    const scene = createScene();
    scene.fail(true);
    expect(scene.askTimes(50)).toBe(20);
    expect(scene.refusal()).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', retryAfter: 1_000 });
    scene.pass(400);
    expect(scene.refusal()).toMatchObject({ retryAfter: 600 });
  });

  it('is tried by one call when a second has passed, and spared again where that fails', () => {
    const scene = createScene();
    scene.fail(true);
    scene.askTimes(20);
    for (const pause of [1_000, 1_000, 5_000]) {
      scene.pass(pause);
      expect(scene.askTimes(10)).toBe(1);
    }
    scene.pass(999);
    expect(scene.askTimes(10)).toBe(0);
    const tried = ['half-open', 'open'];
    expect(scene.states).toEqual(['open', ...tried, ...tried, ...tried]);
  });

  it('is asked by everybody again as soon as one call has been answered', () => {
    const scene = createScene();
    scene.fail(true);
    scene.askTimes(20);
    scene.fail(false);
    scene.pass(1_000);
    expect(scene.askTimes(10)).toBe(10);
    scene.fail(true);
    expect(scene.askTimes(50)).toBe(20 - 9);
    expect(scene.states).toEqual(['open', 'half-open', 'closed', 'open']);
  });

  it('is tried by one call in a second only, and by the next one though that has not ended', () => {
    const scene = createScene();
    scene.fail(true);
    scene.askTimes(20);
    scene.pass(1_000);
    const hangs = scene.begin('first');
    expect(() => scene.begin('second')).toThrow(
      expect.objectContaining({ code: 'UPSTREAM_UNAVAILABLE', retryAfter: 1_000 }),
    );
    scene.pass(1_000);
    scene.begin('second')('alive');
    expect(scene.refusal()).toBeNull();
    hangs('down');
    expect(scene.refusal()).toBeNull();
    // Whoever watches is told of changes, not of calls.
    expect(scene.states).toEqual(['open', 'half-open', 'closed']);
  });

  it('is tried by the next call at once where nobody waited for the one that tried', () => {
    const scene = createScene();
    scene.fail(true);
    scene.askTimes(20);
    scene.pass(1_000);
    scene.begin('first')('unknown');
    scene.begin('second')('alive');
    expect(scene.refusal()).toBeNull();
  });
});

describe('an upstream that is back', () => {
  /** Spared, then back for all but one, who asks first each time. Seconds until the others are answered. */
  function secondsUntilBack(spare: (scene: ReturnType<typeof createScene>) => void): number {
    const scene = createScene();
    scene.fail(true);
    scene.askTimes(20);
    scene.fail(false);
    for (let seconds = 1; seconds < 10; seconds += 1) {
      scene.pass(1_000);
      spare(scene);
      if (scene.askTimes(1) === 1) return seconds;
    }
    return Infinity;
  }
  const askAsOneWhoFails = (liveness: Liveness | null) => (scene: ReturnType<typeof createScene>) => {
    try {
      const end = scene.begin('caller 9');
      if (liveness !== null) end(liveness);
    } catch {
      // Refused.
    }
  };

  it('is found so by others, though one whose calls always fail asks first each time', () => {
    expect(secondsUntilBack(askAsOneWhoFails('down'))).toBe(2);
  });

  it('is found so by others, though one whose calls never end asks first each time', () => {
    expect(secondsUntilBack(askAsOneWhoFails(null))).toBe(2);
  });

  it('is found so by the one who asks alone, within a second', () => {
    const scene = createScene();
    scene.fail(true);
    scene.askTimes(20);
    for (let second = 0; second < 5; second += 1) {
      scene.pass(1_000);
      scene.begin('caller 9')('down');
    }
    scene.pass(1_000);
    scene.begin('caller 9')('alive');
    expect(scene.refusal()).toBeNull();
  });
});

describe('an upstream is not spared', () => {
  it('for fewer than 20 calls', () => {
    const scene = createScene();
    scene.fail(true);
    expect(scene.askTimes(19)).toBe(19);
    scene.fail(false);
    expect(scene.askTimes(1)).toBe(1);
    // An answer is no reason to spare it, however many calls failed before.
    expect(scene.refusal()).toBeNull();
  });

  it('for the trouble of one caller or two', () => {
    const scene = createScene();
    scene.fail(true);
    expect(scene.askTimes(100, 2)).toBe(100);
  });

  it('while more than half of the calls are answered', () => {
    const scene = createScene();
    expect(scene.askTimes(21)).toBe(21);
    scene.fail(true);
    expect(scene.askTimes(20)).toBe(20);
    expect(scene.askTimes(1)).toBe(1);
    expect(scene.askTimes(1)).toBe(0);
  });

  it('for failures that are long past', () => {
    const scene = createScene();
    scene.fail(true);
    scene.askTimes(19);
    scene.pass(30_000);
    expect(scene.askTimes(19)).toBe(19);
    scene.pass(29_000);
    expect(scene.askTimes(5)).toBe(1);
  });

  it('for calls that nobody waited for to the end', () => {
    const scene = createScene();
    for (let index = 0; index < 100; index += 1) scene.begin(String(index))('unknown');
    expect(scene.refusal()).toBeNull();
    // Nor do they stand for calls that were answered.
    scene.fail(true);
    expect(scene.askTimes(50)).toBe(20);
  });
});

it('calls that were under way when it was spared do not count afterwards', () => {
  const scene = createScene();
  scene.fail(true);
  scene.askTimes(18);
  const together = [1, 2, 3, 4].map((caller) => scene.begin(String(caller)));
  const [first, second, third, last] = together;
  for (const end of [first, second, third]) end?.('down');
  // It says how things were before.
  last?.('alive');
  expect(scene.refusal()).not.toBeNull();
  scene.pass(1_000);
  scene.fail(false);
  expect(scene.askTimes(5)).toBe(5);
});

describe('an upstream that fails for one caller', () => {
  it('is not spared however often he asks, though others have a failure now and then', () => {
    const { begin, askTimes, fail, states } = createScene();
    for (let time = 0; time < 20; time += 1) {
      fail(true);
      for (let count = 0; count < 50; count += 1) begin('caller 9')('down');
      if (time % 5 === 0) askTimes(3);
      fail(false);
      askTimes(9);
    }
    expect(states).toEqual([]);
  });

  it('is spared where others have as many failures as make it so without him', () => {
    const { begin, askTimes, fail, states } = createScene();
    fail(true);
    for (let count = 0; count < 500; count += 1) begin('caller 9')('down');
    expect(askTimes(50)).toBe(10);
    expect(states).toEqual(['open']);
  });
});
