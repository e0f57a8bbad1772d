import type { AdmissionObserver } from '../admission-observer.ts';
import { createAdaptiveLimit } from './adaptive-limit.ts';
import { createAdmission, type Admission, type AdmissionLimits } from './admission.ts';
import { watchTurns } from './loop-turn.ts';
import { createLoopWatch } from './loop-watch.ts';
import { createReadiness, type Readiness, type ReadinessLimits } from './readiness.ts';

/** What lets operations in and tells balancers, and what it looks at. */
export interface AdmissionControl extends Pick<Readiness, 'isReady'> {
  readonly admission: Admission;
  /** The service has started: from now on a late event loop means that it has too much to do. */
  begin(): void;
  stop(): void;
}

/** What it is made with. */
export interface AdmissionControlOptions extends AdmissionLimits {
  readonly adaptive: {
    /** Whether the limit follows the load of this process. */
    readonly enabled: boolean;
    /** What it never falls below. */
    readonly min: number;
  };
  readonly readiness: ReadinessLimits;
  readonly observer: AdmissionObserver;
}

/** Makes the admission of one process. */
export function createAdmissionControl(options: AdmissionControlOptions): AdmissionControl {
  const { concurrencyLimit: max, adaptive, readiness: readinessLimits, observer } = options;
  const now = (): number => performance.now();
  const readiness = createReadiness(readinessLimits, now);
  const limit = createAdaptiveLimit({ min: adaptive.enabled ? Math.min(adaptive.min, max) : max, max });
  const admission: Admission = createAdmission({
    limits: options,
    limit,
    lag: () => watch.lag(),
    turn: watchTurns({
      now,
      begun: () => {
        admission.turnBegun();
      },
    }),
    now,
    overloaded: () => {
      readiness.overloaded();
    },
    observer,
  });
  const watch = createLoopWatch({ now, limit, takePeak: () => admission.takePeak() });
  return {
    admission,
    isReady: () => readiness.isReady(),
    begin: () => {
      watch.begin();
    },
    stop: () => {
      watch.stop();
    },
  };
}
