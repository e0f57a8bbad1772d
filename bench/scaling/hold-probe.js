import { performance } from 'node:perf_hooks';

// Loaded into the service before itself: tells its parent how long the event loop was held at most since it asked last.

let last = performance.now();
let longest = 0;

function turn() {
  const now = performance.now();
  if (now - last > longest) longest = now - last;
  last = now;
  setImmediate(turn);
}
turn();

process.on('message', () => {
  const told = longest;
  longest = 0;
  process.send(told);
});
