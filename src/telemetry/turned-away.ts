import type { ArrivedRequest } from '../server/request-observer.ts';
import { requestIdOf } from './request-id.ts';
import { RequestRecord, type RecordKeepers } from './request-record.ts';

/** Tells of the requests that are turned away by their heads. */
export interface TurnedAway {
  /** One was; gives its number. */
  note(request: ArrivedRequest): string;
  /** Tells of those that have been summed up so far. */
  tell(): void;
}

/** Within so long, milliseconds, so many are told of each for itself, and what is beyond together. */
const moment = 100;
const oneByOne = 10;

const refusal = { code: 'RATE_LIMITED', status: 429 } as const;

/**
 * Makes what tells of them. A line, a span and an observation for each of thousands a second would take more of the
 * process than to turn them away.
 */
export function createTurnedAway(keepers: RecordKeepers): TurnedAway {
  const { log, metrics } = keepers;
  let told = 0;
  let summed = 0;

  function tell(): void {
    if (summed === 0) return;
    const count = summed;
    summed = 0;
    metrics.turnedAway({ transport: 'http', ...refusal }, count);
    log.turnedAway({ transport: 'http', ...refusal, count });
  }

  function endMoment(): void {
    told = 0;
    tell();
  }

  function tellOf(request: ArrivedRequest): string {
    if (told === 0) setTimeout(endMoment, moment).unref();
    told++;
    const record = new RequestRecord(keepers, request);
    record.refused(refusal.code);
    record.ended({ status: refusal.status, complete: true });
    return record.requestId;
  }

  return {
    note: (request) => {
      if (told < oneByOne) return tellOf(request);
      summed++;
      return requestIdOf(request);
    },
    tell,
  };
}
