import type { SimulatedWorld } from '../world.ts';
import { endedJobs } from './ended-jobs.ts';
import { livingJobs } from './living-jobs.ts';
import { oddJobs } from './odd-jobs.ts';

/** Fills a world with the demonstration's scopes, users and jobs (see README.md beside). */
export function populate(
  world: SimulatedWorld,
  { seed, startedAt }: { readonly seed: number; readonly startedAt: number },
): void {
  world.setScope({ type: 'biz', id: '1' }, 'original');
  world.setScope({ type: 'biz', id: '2' }, 'demo-biz');
  world.setScope({ type: 'biz_set', id: '9' }, 'all-biz');
  world.setScope({ type: 'tenant_set', id: '7' }, 'all-tenants');
  world.setUser('alice', { accessBusiness: 'all', viewHistory: 'all' });
  world.setUser('bob', { accessBusiness: ['biz:1', 'biz:2'], viewHistory: [] });
  world.setUser('carol', { accessBusiness: [], viewHistory: [] });
  for (const job of [...endedJobs(startedAt), ...livingJobs(startedAt), ...oddJobs(startedAt, seed)]) {
    world.addJob(job);
  }
}
