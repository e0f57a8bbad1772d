import { once } from 'node:events';
import type { Profiler } from 'node:inspector';
import { fileURLToPath } from 'node:url';
import { service } from '../contenders.ts';
import { startServer, type ServerOptions } from '../measure/server.ts';
import type { Workload } from '../workloads.ts';

const preload = fileURLToPath(new URL('./preload.js', import.meta.url));
const root = new URL('../../', import.meta.url).href;

/** Where the time of the service goes under a workload, by package or folder and by function, once it is warm. */
export async function profileService(workload: Workload, options: ServerOptions): Promise<string> {
  const nodeArguments = ['--import', preload];
  await using server = await startServer(service, { ...options, nodeArguments, ipc: true });
  const { child } = server.process;
  const toggle = async (): Promise<unknown> => {
    const answered = once(child, 'message');
    child.send('');
    return ((await answered) as [unknown])[0];
  };
  await server.check(workload);
  await server.load(workload, 4);
  await toggle();
  await server.load(workload, 5);
  return describe((await toggle()) as Profiler.Profile, workload);
}

function describe(profile: Profiler.Profile, { name, title }: Workload): string {
  const own = ownTimes(profile);
  const busy = [...own].filter(([{ callFrame }]) => callFrame.functionName !== '(idle)');
  const total = busy.reduce((sum, [, time]) => sum + time, 0);
  const rank = (keyOf: (frame: Profiler.ProfileNode['callFrame']) => string): string => {
    const times = new Map<string, number>();
    for (const [{ callFrame }, time] of busy) {
      const key = keyOf(callFrame);
      times.set(key, (times.get(key) ?? 0) + time);
    }
    return [...times]
      .sort(([, left], [, right]) => right - left)
      .slice(0, 30)
      .map(([key, time]) => `${((100 * time) / total).toFixed(1).padStart(6)} %  ${key}`)
      .join('\n');
  };
  return `${name}, ${title}: ${(total / 1e6).toFixed(2)} s of work\n\nby package or folder\n${rank(areaOf)}\n\nby function\n${rank(
    ({ functionName, url, lineNumber }) =>
      `${functionName || '(anonymous)'}  ${shortUrl(url)}:${String(lineNumber + 1)}`,
  )}`;
}

function ownTimes({
  nodes,
  samples = [],
  timeDeltas = [],
}: Profiler.Profile): Map<Profiler.ProfileNode, number> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const times = new Map<Profiler.ProfileNode, number>();
  samples.forEach((id, index) => {
    const node = byId.get(id);
    if (node !== undefined) times.set(node, (times.get(node) ?? 0) + (timeDeltas[index + 1] ?? 0));
  });
  return times;
}

function shortUrl(url: string): string {
  return url.replace(/^.*node_modules\//, '').replace(root, '');
}

function areaOf({ functionName, url }: Profiler.ProfileNode['callFrame']): string {
  if (functionName === '(garbage collector)') return 'garbage collector';
  const [, dependency, inside = ''] = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(.*)$/.exec(url) ?? [];
  if (dependency !== undefined) {
    return dependency === 'graphql' ? `graphql/${inside.split('/')[0] ?? ''}` : dependency;
  }
  if (url.startsWith('node:'))
    return `node:${
      url
        .slice(5)
        .replace(/^internal\//, '')
        .split('/')[0] ?? ''
    }`;
  if (url.startsWith(root)) return shortUrl(url).split('/').slice(0, -1).join('/');
  return url === '' ? 'native code' : url;
}
