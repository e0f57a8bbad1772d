import { startSimulator } from '../../src/simulator/index.ts';
import { measuredJobs, unseenJob, unseenJobs } from './jobs.ts';

// The embedded bk-job in a process of its own, for machines without nginx. Tells its address, and when asked for it
// how often it was called.

const simulator = await startSimulator();
for (const job of measuredJobs()) simulator.world.addJob(job);
for (let id = unseenJobs.first; id < unseenJobs.first + unseenJobs.count; id++) {
  simulator.world.addJob(unseenJob(id));
}
for (let user = 0; user < 500; user++) {
  simulator.world.setUser(`user${String(user)}`, { accessBusiness: 'all', viewHistory: 'all' });
}

process.on('message', () => {
  process.send?.({ calls: simulator.calls.all().at(-1)?.sequence ?? 0 });
});
process.send?.({ url: simulator.url });
