/** Sizes differ from answer to answer; what is a little larger fits more of them. */
const step = 256 * 1024;

/** Of small ones there are many at a time, and each must not take several times as much as it needs. */
const smallStep = 16 * 1024;

/**
 * Memory in which large bodies are put together, used again for the next ones. V8 counts such memory as it comes, not
 * as it goes, and after so much of it goes through all that it holds: the bodies of five jobs of 10,000 hosts would
 * have it do that once.
 */
export class BodyBuffers {
  readonly #maxKept: number;
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

  /** Memory for at least so many bytes, whatever stands in it. */
  take(size: number): Buffer {
    const place = this.#free.findIndex(({ length }) => length >= size);
    const [found] = place === -1 ? [] : this.#free.splice(place, 1);
    if (found === undefined) {
      const multiple = size < step ? smallStep : step;
      return Buffer.allocUnsafeSlow(Math.ceil(size / multiple) * multiple);
    }
    this.#kept -= found.length;
    return found;
  }

  /** Takes it back. Nobody may look at it any more. */
  giveBack(buffer: Buffer): void {
    if (this.#kept + buffer.length > this.#maxKept) return;
    this.#kept += buffer.length;
    this.#free.push(buffer);
  }
}
