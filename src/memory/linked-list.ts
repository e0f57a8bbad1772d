/** What can stand in one list. */
export abstract class Linked<Item> {
  before: Item | null = null;
  after: Item | null = null;
  isListed = false;
}

/**
 * Things under way, in the order in which they came. A `Set` leaves a table behind after some changes, which leads to
 * the one that took its place and to all that it held; V8 then keeps those, and what hangs on them, until it goes
 * through its whole heap. Here nothing leads anywhere from what has left.
 */
export class LinkedList<Item extends Linked<Item>> implements Iterable<Item> {
  #first: Item | null = null;
  #last: Item | null = null;
  #size = 0;

  get first(): Item | null {
    return this.#first;
  }

  get size(): number {
    return this.#size;
  }

  /** Puts what stands in no list behind all others. */
  add(item: Item): void {
    const last = this.#last;
    item.before = last;
    item.isListed = true;
    if (last === null) this.#first = item;
    else last.after = item;
    this.#last = item;
    this.#size += 1;
  }

  /** False where it stands in no list. */
  delete(item: Item): boolean {
    if (!item.isListed) return false;
    const { before, after } = item;
    if (before === null) this.#first = after;
    else before.after = after;
    if (after === null) this.#last = before;
    else after.before = before;
    item.before = null;
    item.after = null;
    item.isListed = false;
    this.#size -= 1;
    return true;
  }

  /** Whoever looks through it may take out what it has come to. */
  *[Symbol.iterator](): Iterator<Item> {
    let item = this.#first;
    while (item !== null) {
      const { after } = item;
      yield item;
      item = after;
    }
  }
}
