import { Session } from 'node:inspector/promises';

// Loaded into the service before itself: profiles it from one message of the parent to the next, which say what.

const session = new Session();
session.connect();

const profilers = {
  time: {
    start: async () => {
      await session.post('Profiler.enable');
      await session.post('Profiler.setSamplingInterval', { interval: 500 });
      await session.post('Profiler.start');
    },
    stop: () => session.post('Profiler.stop'),
  },
  // Nearly all that a request takes is given back before the profile is read.
  memory: heap({ includeObjectsCollectedByMajorGC: true, includeObjectsCollectedByMinorGC: true }),
  // What is over before the next young collection costs little; this is what lives longer, whatever becomes of it.
  survivors: heap({ includeObjectsCollectedByMajorGC: true, includeObjectsCollectedByMinorGC: false }),
};

function heap(included) {
  return {
    start: () => session.post('HeapProfiler.startSampling', { samplingInterval: 8192, ...included }),
    stop: () => session.post('HeapProfiler.stopSampling'),
  };
}

let running = null;

process.on('message', (kind) => {
  void (running === null ? start(kind) : stop());
});

async function start(kind) {
  running = profilers[kind];
  await running.start();
  process.send('started');
}

async function stop() {
  const { profile } = await running.stop();
  running = null;
  process.send(profile);
}
