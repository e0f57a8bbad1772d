/** What can stand in a list, in one at a time. */
export abstract class Linked<Item extends Linked<Item>> {
  before: Item | null = null;
  after: Item | null = null;
  list: LinkedList<Item> | null = null;
}

/**
 * Things under way, in the order in which they came. A `Set` leaves a table behind after some changes, which leads to
 * the one that took its place and to all that it held; V8 then keeps those, and what hangs on them, until it goes
 * through its whole heap. Here nothing leads anywhere from what has left. It must not be changed while it is looked through.
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

  /** Puts something behind all others. Throws where it stands in a list already. */
  add(item: Item): void {
    if (item.list !== null) throw new RangeError('It stands in a list.');
    const last = this.#last;
    item.before = last;
    item.list = this;
    if (last === null) this.#first = item;
    else last.after = item;
    this.#last = item;
    this.#size += 1;
  }

  /** False where it does not stand here. */
  delete(item: Item): boolean {
    if (item.list !== this) return false;
    const { before, after } = item;
    if (before === null) this.#first = after;
    else before.after = after;
    if (after === null) this.#last = before;
    else after.before = before;
    item.before = null;
    item.after = null;
    item.list = null;
    this.#size -= 1;
    return true;
  }

  *[Symbol.iterator](): Iterator<Item> {
    for (let item = this.#first; item !== null; item = item.after) yield item;
  }
}
