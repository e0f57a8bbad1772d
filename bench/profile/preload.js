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
  memory: {
    start: () =>
      session.post('HeapProfiler.startSampling', {
        samplingInterval: 8192,
        // Nearly all that a request takes is given back before the profile is read.
        includeObjectsCollectedByMajorGC: true,
        includeObjectsCollectedByMinorGC: true,
      }),
    stop: () => session.post('HeapProfiler.stopSampling'),
  },
};

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
