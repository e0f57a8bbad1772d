import { setFlagsFromString } from 'node:v8';

/**
 * Has V8 go through its heap when that has doubled, and not already when it is a third larger: memory outside the heap
 * counts towards it, and 10,000 hosts bring some megabytes that are gone a moment later. Where little memory is left to
 * the process, V8 goes by that as ever.
 */
export function setCollectorPace(): void {
  setFlagsFromString('--heap-growing-percent=100');
}
