import { once } from 'node:events';
import type { HeapProfiler, Profiler } from 'node:inspector';
import { fileURLToPath } from 'node:url';
import { service } from '../contenders.ts';
import { startServer, type ServerOptions } from '../measure/server.ts';
import type { Workload } from '../workloads.ts';

const preload = fileURLToPath(new URL('./preload.js', import.meta.url));
const root = new URL('../../', import.meta.url).href;

/** What can be profiled, by its name in `preload.js`. */
interface Profiles {
  readonly time: Profiler.Profile;
  readonly memory: HeapProfiler.SamplingHeapProfile;
  readonly survivors: HeapProfiler.SamplingHeapProfile;
}

/** A profile of the service, and how many requests it answered meanwhile. */
export interface ProfileUnderLoad<Kind extends keyof Profiles> {
  readonly profile: Profiles[Kind];
  readonly requests: number;
}

/** Profiles the service under a workload, once it is warm. */
export async function profileUnderLoad<Kind extends keyof Profiles>(
  kind: Kind,
  workload: Workload,
  options: ServerOptions,
): Promise<ProfileUnderLoad<Kind>> {
  const nodeArguments = ['--import', preload];
  await using server = await startServer(service, { ...options, nodeArguments, ipc: true });
  const { child } = server.process;
  const toggle = async (): Promise<unknown> => {
    const answered = once(child, 'message');
    child.send(kind);
    return ((await answered) as [unknown])[0];
  };
  await server.check(workload);
  await server.load(workload, 4);
  await toggle();
  const { requests } = await server.load(workload, 5);
  return { profile: (await toggle()) as Profiles[Kind], requests };
}

type Place = Profiler.ProfileNode['callFrame'];

/** The largest of what was taken, by where it was taken, one a line. */
export function rank(taken: Iterable<readonly [Place, number]>, keyOf: (place: Place) => string) {
  const sums = new Map<string, number>();
  for (const [place, amount] of taken) {
    const key = keyOf(place);
    sums.set(key, (sums.get(key) ?? 0) + amount);
  }
  return [...sums].sort(([, left], [, right]) => right - left).slice(0, 30);
}

/** Name and place of a function. */
export function functionOf({ functionName, url, lineNumber }: Place): string {
  return `${functionName || '(anonymous)'}  ${shortUrl(url)}:${String(lineNumber + 1)}`;
}

/** The package or folder that a function is of. */
export function areaOf({ functionName, url }: Place): string {
  if (functionName === '(garbage collector)') return 'garbage collector';
  const [, dependency, inside = ''] = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(.*)$/.exec(url) ?? [];
  if (dependency !== undefined) {
    return dependency === 'graphql' ? `graphql/${inside.split('/')[0] ?? ''}` : dependency;
  }
  if (url.startsWith('node:')) {
    const inside = url.slice('node:'.length).replace(/^internal\//, '');
    return `node:${inside.split('/')[0] ?? ''}`;
  }
  if (url.startsWith(root)) return shortUrl(url).split('/').slice(0, -1).join('/');
  return url === '' ? 'native code' : url;
}

function shortUrl(url: string): string {
  return url.replace(/^.*node_modules\//, '').replace(root, '');
}
