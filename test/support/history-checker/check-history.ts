import type { History, HistoryEvent, SeenState } from './history.ts';

/** A promise of streams that a history breaks (`reliability.md` 2.6, S-a to S-f). */
export interface Violation {
  readonly promise:
    | 'invented'
    | 'of another'
    | 'backwards'
    | 'after the end'
    | 'end doubled'
    | 'end missed'
    | 'never completed'
    | 'known told first'
    | 'two readers';
  readonly event: HistoryEvent;
}

interface StreamSeen {
  readonly opened: Extract<HistoryEvent, { readonly kind: 'opened' }>;
  last: SeenState | null;
  isOver: boolean;
  hasLeft: boolean;
}

/** Looks through what happened, when it is over, and names every promise that was broken. */
export function checkHistory(history: History): readonly Violation[] {
  const checker = new Checker();
  for (const event of history) checker.take(event);
  return checker.end();
}

class Checker {
  readonly #violations: Violation[] = [];
  readonly #streams = new Map<number, StreamSeen>();
  readonly #read = new Map<string, boolean>();
  readonly #underWay = new Map<string, number>();
  readonly #reads = new Map<number, string>();

  take(event: HistoryEvent): void {
    switch (event.kind) {
      case 'read-begun':
        this.#beginRead(event);
        break;
      case 'read-ended':
        this.#endRead(event.read, event.state);
        break;
      case 'opened':
        this.#streams.set(event.stream, { opened: event, last: null, isOver: false, hasLeft: false });
        break;
      case 'delivered':
        this.#deliver(event);
        break;
      case 'completed':
        this.#complete(event);
        break;
      case 'left': {
        const stream = this.#streams.get(event.stream);
        if (stream !== undefined) stream.hasLeft = true;
      }
    }
  }

  end(): readonly Violation[] {
    for (const { opened, isOver, hasLeft } of this.#streams.values()) {
      if (!isOver && !hasLeft) this.#report('never completed', opened);
    }
    return this.#violations;
  }

  #report(promise: Violation['promise'], event: HistoryEvent): void {
    this.#violations.push({ promise, event });
  }

  #beginRead(event: Extract<HistoryEvent, { readonly kind: 'read-begun' }>): void {
    const key = `${event.identity} ${event.job}`;
    const count = (this.#underWay.get(key) ?? 0) + 1;
    this.#underWay.set(key, count);
    this.#reads.set(event.read, key);
    if (count > 1) this.#report('two readers', event);
  }

  #endRead(read: number, state: SeenState | null): void {
    const key = this.#reads.get(read) ?? '';
    this.#underWay.set(key, (this.#underWay.get(key) ?? 1) - 1);
    if (state !== null) this.#read.set(keyOf(state), state.finished);
  }

  #deliver(event: Extract<HistoryEvent, { readonly kind: 'delivered' }>): void {
    const { state } = event;
    const stream = this.#streams.get(event.stream);
    if (stream === undefined) {
      this.#report('invented', event);
      return;
    }
    const { opened, last } = stream;
    if (state.identity !== opened.identity || state.job !== opened.job) this.#report('of another', event);
    else if (this.#read.get(keyOf(state)) !== state.finished) this.#report('invented', event);
    if (last?.finished === true) this.#report(state.finished ? 'end doubled' : 'after the end', event);
    else if (stream.isOver || stream.hasLeft) this.#report('after the end', event);
    if (last !== null && state.version < last.version) this.#report('backwards', event);
    if (last === null && state.version === opened.known?.version) this.#report('known told first', event);
    stream.last = state;
  }

  #complete(event: Extract<HistoryEvent, { readonly kind: 'completed' }>): void {
    const stream = this.#streams.get(event.stream);
    if (stream === undefined) return;
    if (stream.isOver) this.#report('end doubled', event);
    stream.isOver = true;
    const told = stream.last ?? stream.opened.known;
    if (told?.finished !== true) this.#report('end missed', event);
  }
}

function keyOf({ identity, job, version }: SeenState): string {
  return `${identity} ${job} ${String(version)}`;
}
