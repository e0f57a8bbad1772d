import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { service } from '../contenders.ts';
import { startServer, type ServerOptions } from '../measure/server.ts';
import { median } from '../report/figures.ts';
import type { Workload } from '../workloads.ts';

const probe = fileURLToPath(new URL('./hold-probe.js', import.meta.url));
const warmUps = 20;
const requests = 40;

/** How long one request holds the event loop of the service in one piece, milliseconds. */
export interface Hold {
  readonly median: number;
  readonly longest: number;
}

/** Asks one request at a time and looks at the longest turn of the event loop meanwhile. */
export async function measureHold(workload: Workload, options: ServerOptions): Promise<Hold> {
  const nodeArguments = ['--import', probe];
  await using server = await startServer(service, { ...options, nodeArguments, ipc: true });
  const { child } = server.process;
  const take = async (): Promise<number> => {
    const answered = once(child, 'message');
    child.send('');
    return ((await answered) as [number])[0];
  };
  await server.check(workload);
  const holds: number[] = [];
  for (let sequence = 0; sequence < warmUps + requests; sequence++) {
    await take();
    await server.ask(workload, sequence);
    const hold = await take();
    if (sequence >= warmUps) holds.push(hold);
  }
  return { median: median(holds), longest: Math.max(...holds) };
}
