import { readFileSync } from 'node:fs';

/**
 * Milliseconds for which the main thread of a process was ready to run and had no core since it started: what others on
 * the machine take from it, and nothing that it does itself. Zero where the system does not tell.
 */
export function waitedForCore(pid: number): number {
  try {
    const [, waited = '0'] = readFileSync(`/proc/${String(pid)}/schedstat`, 'utf8').split(' ');
    return Number(waited) / 1e6;
  } catch {
    return 0;
  }
}
