// Loaded into the service before it starts: tells, when asked, how late its event loop came round since it was last
// asked, and what it holds. It changes nothing of what the service does.
import { monitorEventLoopDelay } from 'node:perf_hooks';

const resolution = 1;
const delay = monitorEventLoopDelay({ resolution });
delay.enable();
const toMs = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - resolution);

process.on('message', () => {
  globalThis.gc?.();
  const { rss, heapUsed, external, arrayBuffers } = process.memoryUsage();
  const answer = {
    loopDelay: { p99: toMs(delay.percentile(99)), p999: toMs(delay.percentile(99.9)), max: toMs(delay.max) },
    rss,
    heapUsed,
    external,
    arrayBuffers,
  };
  process.send(answer, undefined, undefined, () => delay.reset());
});
// Nobody waits for the channel when the service ends.
process.channel?.unref();
