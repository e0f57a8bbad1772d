/** How much of a trial is run: what every landing can afford, or what a release is judged by. */
export type TrialSize = 'ci' | 'long';

/** What a trial is run with. */
export interface TrialOptions {
  readonly size: TrialSize;
  /** Equal seeds make equal trials, as far as a machine's timing lets them. */
  readonly seed: number;
}

/** One line of the table of results. */
export interface Figure {
  /** Number of the goal, G1 to G18. */
  readonly goal: string;
  /** What was measured, in words. */
  readonly what: string;
  /** The load as it was meant to be and as it was; null where the figure has none. */
  readonly load: string | null;
  readonly measured: string;
  readonly wanted: string;
  readonly passed: boolean;
  /** What limits the figure, or what it leaves out; null where there is nothing to say. */
  readonly note: string | null;
}

/** A trial gives its figures, and rejects only where it could not be run at all. */
export type Trial = (options: TrialOptions) => Promise<readonly Figure[]>;
