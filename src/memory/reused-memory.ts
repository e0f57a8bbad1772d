/** Less is taken from Node each time: memory of its own for so little would be mostly empty. */
export const leastKept = 16 * 1024;

/** Sizes differ from one time to the next; what is a little larger fits more of them. */
const step = 256 * 1024;

/** What is kept may be so many times as large as what is asked for. */
const maxExcess = 2;

/**
 * Memory for what is large and soon over, as bodies that are put together and answers that are written: used again for
 * the next of them. V8 counts such memory as it comes, not as it goes, and after so much of it goes through all that it
 * holds: the bodies of five jobs of 10,000 hosts would have it do that once.
 */
export class ReusedMemory {
  readonly #maxKept: number;
  /** The one that has waited longest first. */
  readonly #free: Buffer[] = [];
  #kept = 0;

  /** Keeps so many bytes for later, at most. */
  constructor(maxKept: number) {
    this.#maxKept = maxKept;
  }

  /** How many bytes wait to be used again. */
  get kept(): number {
    return this.#kept;
  }

  /** Memory for at least so many bytes. Whatever stands in it is somebody else's: no byte may be shown that was not written. */
  take(size: number): Buffer {
    if (size < leastKept) return Buffer.allocUnsafe(size);
    const place = this.#free.findIndex(({ length }) => length >= size && length <= size * maxExcess);
    const [found] = place === -1 ? [] : this.#free.splice(place, 1);
    if (found === undefined) {
      const multiple = size < step ? leastKept : step;
      return Buffer.allocUnsafeSlow(Math.ceil(size / multiple) * multiple);
    }
    this.#kept -= found.length;
    return found;
  }

  /** Takes it back, once. Nobody may look at it any more. */
  giveBack(buffer: Buffer): void {
    if (buffer.length < leastKept || buffer.length > this.#maxKept) return;
    this.#free.push(buffer);
    this.#kept += buffer.length;
    while (this.#kept > this.#maxKept) this.#kept -= this.#free.shift()?.length ?? 0;
  }
}
