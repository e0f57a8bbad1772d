import { vi } from 'vitest';
import { JobApiError } from '../../src/domain/errors.ts';
import type { OperationClass } from '../../src/execution/operation-class.ts';
import type { AdmissionGauges } from '../../src/server/admission-observer.ts';
import { createAdmission, type AdmissionLimits } from '../../src/server/admission/admission.ts';

const roomy: AdmissionLimits = {
  concurrencyLimit: 100,
  perIdentityConcurrency: 100,
  queue: { max: 100, maxWait: 250 },
  maxEventLoopLag: 200,
};

/** What became of an operation so far. */
export interface Outcome {
  state: 'waits' | 'runs' | 'refused';
  code?: string;
  leave: () => void;
}

/** An admission whose clock, limit and lag the test holds. */
export function openAdmission(limits: Partial<AdmissionLimits> = {}, places = 4) {
  const limit = { current: places };
  const load = { lag: 0, overloads: 0 };
  const turn = {
    number: 0,
    previous: 0,
    /** Milliseconds so far. */
    took: 0,
    arrived: () => undefined,
    hasTime: (budget: number) => turn.took < budget,
  };
  const sheds: string[] = [];
  const gauges = new Map<string, AdmissionGauges>();
  const admission = createAdmission({
    limits: { ...roomy, concurrencyLimit: places, ...limits },
    limit,
    lag: () => load.lag,
    turn,
    now: () => performance.now(),
    overloaded: () => load.overloads++,
    observer: {
      classOpened: (name, opened) => gauges.set(name, opened),
      admitted: () => undefined,
      shed: (name, reason) => sheds.push(`${name} ${reason}`),
    },
  });
  const arrive = (
    account: string | null,
    operationClass: OperationClass = 'plain',
    signal = new AbortController().signal,
  ): Outcome => {
    const outcome: Outcome = { state: 'waits', leave: () => undefined };
    admission.enter({ account, operationClass, signal }).then(
      (leave) => Object.assign(outcome, { state: 'runs', leave }),
      (error: unknown) =>
        Object.assign(outcome, { state: 'refused', code: error instanceof JobApiError ? error.code : '' }),
    );
    return outcome;
  };
  const overload = () => {
    load.lag = 500;
    admission.refusalOfAnybody();
    load.lag = 0;
  };
  const settle = () => vi.advanceTimersByTimeAsync(0);
  return { admission, limit, load, turn, overload, sheds, gauges, arrive, settle };
}

/** What became of each. */
export const states = (outcomes: readonly Outcome[]) => outcomes.map(({ state }) => state);
