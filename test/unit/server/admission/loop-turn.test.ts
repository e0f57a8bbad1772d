import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchTurns } from '../../../../src/server/admission/loop-turn.ts';

/** A loop whose turns and clock the test holds: what is asked for at its end is called by `turn`. */
function openLoop() {
  const asked: (() => void)[] = [];
  vi.stubGlobal('setImmediate', (callback: () => void) => asked.push(callback));
  let time = 0;
  let begun = 0;
  const loop = watchTurns({ now: () => time, begun: () => (begun += 1) });
  return {
    loop,
    work: (ms: number) => (time += ms),
    turn: () => {
      for (const callback of asked.splice(0)) callback();
    },
    isAwake: () => asked.length > 0,
    begun: () => begun,
  };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('a turn of the event loop', () => {
  it('has time until it has taken that long, with all that is done in it', () => {
    const { loop, work, turn } = openLoop();
    loop.arrived();
    work(4);
    expect(loop.hasTime(5)).toBe(true);
    work(1);
    expect(loop.hasTime(5)).toBe(false);
    const { number } = loop;
    turn();
    expect(loop.number).not.toBe(number);
    expect(loop.hasTime(5)).toBe(true);
    work(5);
    expect(loop.hasTime(5)).toBe(false);
  });

  it('knows how long the one before it took, if that was watched', () => {
    const { loop, work, turn } = openLoop();
    loop.arrived();
    expect(loop.previous).toBe(0);
    work(7);
    turn();
    expect(loop.previous).toBe(7);
    turn();
    work(1000);
    loop.arrived();
    expect(loop.previous).toBe(0);
  });

  it('is told of at its beginning where the last one had no time for somebody, and only then', () => {
    const { loop, work, turn, begun } = openLoop();
    loop.arrived();
    work(9);
    turn();
    expect(begun()).toBe(0);
    loop.arrived();
    work(9);
    loop.hasTime(5);
    turn();
    expect(begun()).toBe(1);
  });

  it('is watched for as long as operations arrive: a loop without any may sleep', () => {
    const { loop, work, turn, isAwake } = openLoop();
    expect(loop.hasTime(0)).toBe(true);
    expect(isAwake()).toBe(false);
    loop.arrived();
    loop.arrived();
    turn();
    expect(isAwake()).toBe(true);
    turn();
    expect(isAwake()).toBe(false);
    work(1000);
    expect(loop.hasTime(5)).toBe(true);
  });
});
