import { Session } from 'node:inspector/promises';

// Loaded into the service before itself: profiles it from one message of the parent to the next.

const session = new Session();
session.connect();
let isRunning = false;

process.on('message', () => {
  void (isRunning ? stop() : start());
  isRunning = !isRunning;
});

async function start() {
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: 500 });
  await session.post('Profiler.start');
  process.send('started');
}

async function stop() {
  const { profile } = await session.post('Profiler.stop');
  process.send(profile);
}
