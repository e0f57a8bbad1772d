import type { Phase } from './model.ts';

/** How a phase is told: never by colour alone. */
export interface PhaseLook {
  readonly word: string;
  readonly glyph: string;
  /** Name of the CSS variable of its colour. */
  readonly colour: string;
}

/** Every phase, in the order of a legend: what needs a person first. */
export const phaseLooks: Readonly<Record<Phase, PhaseLook>> = {
  FAILED: { word: 'failed', glyph: '✕', colour: '--failed' },
  STOPPED: { word: 'stopped', glyph: '■', colour: '--stopped' },
  BLOCKED: { word: 'waits for a person', glyph: '‖', colour: '--blocked' },
  UNRECOGNIZED: { word: 'not recognized', glyph: '?', colour: '--unrecognized' },
  RUNNING: { word: 'running', glyph: '▶', colour: '--running' },
  PENDING: { word: 'pending', glyph: '○', colour: '--pending' },
  SUCCEEDED: { word: 'succeeded', glyph: '✓', colour: '--succeeded' },
  NEUTRAL: { word: 'skipped or passed over', glyph: '–', colour: '--neutral' },
};

/** Phases that a host can have, in the same order. */
export const hostPhases: readonly Phase[] = [
  'FAILED',
  'STOPPED',
  'UNRECOGNIZED',
  'RUNNING',
  'PENDING',
  'SUCCEEDED',
];

/** An exact state in words: SCRIPT_NONZERO_EXIT is "script nonzero exit". */
export function inWords(status: string): string {
  return status.toLowerCase().replaceAll('_', ' ');
}
