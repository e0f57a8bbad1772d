/**
 * Hands one reader the newest of what happens, at its own pace: what it has not taken is replaced by what came later,
 * so nothing piles up before a slow reader. The last item is never replaced, and the end comes after it.
 */
export class LatestWins<Item> implements AsyncIterableIterator<Item, undefined> {
  #waiting: { readonly item: Item } | null = null;
  #isEnding = false;
  #readers: ((result: IteratorResult<Item, undefined>) => void)[] = [];
  #onLeave: (() => void) | null;

  /** `onLeave` runs once: when the reader has taken the last item, or leaves before. */
  constructor(onLeave: () => void) {
    this.#onLeave = onLeave;
  }

  /** Puts the newest item before the reader. Does nothing after the last one. */
  offer(item: Item): void {
    if (this.#isEnding) return;
    this.#waiting = { item };
    this.#serve();
  }

  /** Ends it after what waits to be read. */
  end(): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    this.#serve();
  }

  next(): Promise<IteratorResult<Item, undefined>> {
    return new Promise((resolve) => {
      this.#readers.push(resolve);
      this.#serve();
    });
  }

  return(): Promise<IteratorResult<Item, undefined>> {
    this.#isEnding = true;
    this.#waiting = null;
    this.#serve();
    this.#leave();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #serve(): void {
    if (this.#readers.length > 0 && this.#waiting !== null) {
      const { item } = this.#waiting;
      this.#waiting = null;
      this.#readers.shift()?.({ done: false, value: item });
    }
    if (!this.#isEnding || this.#waiting !== null) return;
    for (const resolve of this.#readers.splice(0)) {
      resolve({ done: true, value: undefined });
      this.#leave();
    }
  }

  #leave(): void {
    const onLeave = this.#onLeave;
    this.#onLeave = null;
    onLeave?.();
  }
}
