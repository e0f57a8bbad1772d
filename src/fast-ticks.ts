import { createHook } from 'node:async_hooks';

const held: object[] = [];

/**
 * Keeps `process.nextTick` as fast as it is at first. V8 forgets the shape of what Node queues there when it goes
 * through its heap a few times while nothing is queued, as it does in a quiet process; Node's function then takes six
 * times as long for as long as the process runs, and every request calls it several times. One of these objects, held
 * for ever, holds their shape. Only a hook gets hold of one, and it is off again at once. Gives all that are held.
 */
export function keepTicksFast(): readonly object[] {
  const hook = createHook({
    init: (...[, type, , resource]) => {
      if (type === 'TickObject') held.push(resource);
    },
  });
  hook.enable();
  process.nextTick(() => undefined);
  hook.disable();
  return held;
}
