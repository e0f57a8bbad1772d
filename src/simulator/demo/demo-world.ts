import type { SimulatedWorld } from '../world.ts';
import { bigJob } from './big-job.ts';
import type { DemoOptions } from './build.ts';
import { failedJobs } from './failed-jobs.ts';
import { documentedJob, jobWithLargeIds } from './first-jobs.ts';
import { movingJob } from './moving-job.ts';
import { otherJobs } from './other-jobs.ts';
import { retriedJob } from './retried-job.ts';
import { smallJobs } from './small-jobs.ts';
import { unfinishedJobs } from './unfinished-jobs.ts';

/** Puts the demonstration into a world: applications, users, scopes and jobs (README.md beside). */
export function addDemoWorld(world: SimulatedWorld, options: DemoOptions): void {
  world.setApp('demo_app', { secret: 'demo_secret', granted: true });
  world.setApp('other_app', { secret: 'other_secret', granted: false });
  world.setUser('alice', { accessBusiness: 'all', viewHistory: 'all' });
  world.setUser('bob', { accessBusiness: ['biz:1', 'biz:2'], viewHistory: [] });
  world.setUser('carol', { accessBusiness: [], viewHistory: [] });
  world.setScope({ type: 'biz', id: '1' }, 'blueking');
  world.setScope({ type: 'biz', id: '2' }, 'demo-biz');
  world.setScope({ type: 'biz_set', id: '9' }, 'all-biz');
  world.setScope({ type: 'tenant_set', id: '7' }, 'all-tenants');
  const jobs = [
    documentedJob(),
    movingJob(options),
    ...unfinishedJobs(options),
    ...failedJobs(options),
    ...otherJobs(options),
    bigJob(options),
    ...smallJobs(options),
    jobWithLargeIds(options.start),
    retriedJob(options),
  ];
  for (const job of jobs) world.addJob(job);
}
