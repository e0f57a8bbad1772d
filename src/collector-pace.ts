import { setFlagsFromString } from 'node:v8';

/**
 * Has V8 go through its heap whenever that has grown by two fifths. Left to itself it goes by how fast objects are made:
 * under many small jobs that is later, for some 80 MiB more and no less processor time, and where hosts by the ten
 * thousand come from outside the heap it is more often. Where little memory is left to the process, V8 goes by that as
 * ever.
 */
export function setCollectorPace(): void {
  setFlagsFromString('--heap-growing-percent=40');
}
