/** How much a service may turn away before balancers are told to ask another. Times are milliseconds. */
export interface ReadinessLimits {
  /** Requests turned away within one sampling interval. */
  readonly allowed: number;
  readonly sampling: number;
  /** How long it is not ready then. */
  readonly unready: number;
}

/** Whether a service wants more requests than it has. */
export interface Readiness {
  isReady(): boolean;
  /** One was turned away because of the load. */
  overloaded(): void;
}

/** Makes the readiness of one process. It needs no timer: time is looked at when somebody asks. */
export function createReadiness(
  { allowed, sampling, unready }: ReadinessLimits,
  now: () => number,
): Readiness {
  let sampledSince = -Infinity;
  let turnedAway = 0;
  let readyAgainAt = -Infinity;
  return {
    isReady: () => now() >= readyAgainAt,
    overloaded: () => {
      if (now() - sampledSince >= sampling) {
        sampledSince = now();
        turnedAway = 0;
      }
      turnedAway++;
      if (turnedAway > allowed) readyAgainAt = now() + unready;
    },
  };
}
