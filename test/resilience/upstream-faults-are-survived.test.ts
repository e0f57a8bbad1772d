import { beforeAll, describe, expect, it } from 'vitest';
import { meetFaults, type Cell } from './upstream-faults/cells.ts';
import type { UpstreamFault } from './upstream-faults/fault.ts';
import { groupsOf, rawFaults } from './upstream-faults/groups.ts';
import { startRawScene, startSimulatorScene, type Scene } from './upstream-faults/scene.ts';
import { simulatorFaults } from './upstream-faults/simulator-faults.ts';

/** Faults are met many at a time, and judged one by one. */
function meetAll(faults: readonly UpstreamFault[], start: () => Promise<Scene>): void {
  const cells: Cell[] = [];
  beforeAll(async () => {
    await using scene = await start();
    for (const group of groupsOf(faults)) cells.push(...(await meetFaults(scene, group)));
  });

  it.each(faults.map(({ name }) => name))(
    '%s: every root tells the right thing and nothing else, and nobody else is harmed',
    (name) => {
      const met = cells.filter(({ fault }) => fault === name);
      expect(met.map(({ root, problems }) => ({ root, problems }))).toEqual(
        met.map(({ root }) => ({ root, problems: [] })),
      );
      expect(met).toHaveLength(6);
    },
  );
}

describe('a bk-job of bytes that', () => {
  meetAll(rawFaults, startRawScene);
});

describe('the embedded bk-job', () => {
  meetAll(simulatorFaults, startSimulatorScene);
});

it('faults have names of their own, and are at least eighty', () => {
  const names = [...rawFaults, ...simulatorFaults].map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThanOrEqual(80);
});
