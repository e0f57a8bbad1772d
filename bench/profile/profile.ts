import type { Profiler } from 'node:inspector';
import type { ServerOptions } from '../measure/server.ts';
import type { Workload } from '../workloads.ts';
import { areaOf, functionOf, profileUnderLoad, rank } from './profile-under-load.ts';

type Place = Profiler.ProfileNode['callFrame'];

/** Where the time of the service goes under a workload, by package or folder and by function, once it is warm. */
export async function profileService(workload: Workload, options: ServerOptions): Promise<string> {
  const { profile } = await profileUnderLoad('time', workload, options);
  const busy = ownTimes(profile).filter(([{ functionName }]) => functionName !== '(idle)');
  const total = busy.reduce((sum, [, time]) => sum + time, 0);
  const shares = (keyOf: (place: Place) => string): string =>
    rank(busy, keyOf)
      .map(([key, time]) => `${((100 * time) / total).toFixed(1).padStart(6)} %  ${key}`)
      .join('\n');
  return `${workload.name}, ${workload.title}: ${(total / 1e6).toFixed(2)} s of work\n\nby package or folder\n${shares(areaOf)}\n\nby function\n${shares(functionOf)}`;
}

function ownTimes({
  nodes,
  samples = [],
  timeDeltas = [],
}: Profiler.Profile): readonly (readonly [Place, number])[] {
  const byId = new Map(nodes.map((node) => [node.id, node.callFrame]));
  return samples.flatMap((id, index) => {
    const place = byId.get(id);
    return place === undefined ? [] : [[place, timeDeltas[index + 1] ?? 0] as const];
  });
}
