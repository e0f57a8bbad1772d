import { Agent, get } from 'node:http';

// Asks for health again and again, on one connection and in a process of its own, and tells on demand how long the
// longest answer took: what a stall of the service is to somebody else. Its own lateness counts for nothing.
const [url = ''] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const pause = 5;
let longest = 0;

function ask(): void {
  const start = performance.now();
  const request = get(url, { agent }, (response) => {
    response.resume().once('end', () => {
      longest = Math.max(longest, performance.now() - start);
      setTimeout(ask, pause);
    });
  });
  request.once('error', () => setTimeout(ask, pause));
}

process.on('message', () => {
  process.send?.(longest);
  longest = 0;
});
process.once('disconnect', () => process.exit());
ask();
