import { Agent, get } from 'node:http';
import { waitedForCore } from './core-wait.ts';

/** The longest that an answer took. Times are milliseconds. */
export interface OutsideWait {
  /** Beyond what the service, or this process, waited for a core meanwhile. */
  readonly waited: number;
  /** By the clock, the longest of all. */
  readonly byTheClock: number;
  /** When the answer was there that took longest beyond the wait for a core, since 1970. */
  readonly at: number;
}

// Asks for health again and again, on one connection and in a process of its own, and tells on demand how long the
// longest answer took: what a stall of the service is to somebody else. Its own lateness counts for nothing, nor does
// the time in which service or probe were ready to run and something else had the cores.
const [url = '', pid = ''] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const pause = 5;
const nothing: OutsideWait = { waited: 0, byTheClock: 0, at: 0 };
let longest = nothing;
let begunAt = 0;

const withoutCore = (): number => waitedForCore(Number(pid)) + waitedForCore(process.pid);

function ask(): void {
  const start = performance.now();
  const before = withoutCore();
  const request = get(url, { agent }, (response) => {
    response.resume().once('end', () => {
      const took = performance.now() - start;
      if (start >= begunAt) note(took, Math.max(0, took - (withoutCore() - before)));
      setTimeout(ask, pause);
    });
  });
  request.once('error', () => setTimeout(ask, pause));
}

function note(took: number, waited: number): void {
  const byTheClock = Math.max(longest.byTheClock, took);
  longest = waited > longest.waited ? { waited, byTheClock, at: Date.now() } : { ...longest, byTheClock };
}

process.on('message', () => {
  process.send?.(longest);
  longest = nothing;
  // What is under way was asked before.
  begunAt = performance.now();
});
process.once('disconnect', () => process.exit());
ask();
