import type { HeapProfiler } from 'node:inspector';
import type { ServerOptions } from '../measure/server.ts';
import type { Workload } from '../workloads.ts';
import { areaOf, functionOf, profileUnderLoad, rank } from './profile-under-load.ts';

type Node = HeapProfiler.SamplingHeapProfileNode;
type Place = Node['callFrame'];

/**
 * What a request takes of V8's heap under a workload, or what of that lives on when V8 collects what is young, by package
 * or folder and by function, once the service is warm. It is told from samples, but does not depend on what else the
 * machine does.
 */
export async function allocationsOfService(
  kind: 'memory' | 'survivors',
  workload: Workload,
  options: ServerOptions,
): Promise<string> {
  const { profile, requests } = await profileUnderLoad(kind, workload, options);
  const taken = [...ownSizes(profile.head)];
  const total = taken.reduce((sum, [, size]) => sum + size, 0);
  const perRequest = (keyOf: (place: Place) => string): string =>
    rank(taken, keyOf)
      .map(([key, size]) => `${(size / requests).toFixed(0).padStart(8)} B  ${key}`)
      .join('\n');
  return `${workload.name}, ${workload.title}: ${(total / requests / 1000).toFixed(1)} kB a request\n\nby package or folder\n${perRequest(areaOf)}\n\nby function\n${perRequest(functionOf)}`;
}

function* ownSizes({ callFrame, selfSize, children }: Node): Generator<readonly [Place, number]> {
  yield [callFrame, selfSize];
  for (const child of children) yield* ownSizes(child);
}
