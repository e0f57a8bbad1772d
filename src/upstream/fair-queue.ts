/** Things that wait, each on somebody's account. Whoever has waited longest since being served is served next. */
export interface FairQueue<Item> {
  readonly size: number;
  push(account: string, item: Item): void;
  /** Takes the next one out; null where nothing waits. */
  shift(): Item | null;
  /** Takes out the newest of the account that has most; null where that is this account, or nothing waits. */
  dropForTheSakeOf(account: string): Item | null;
  remove(account: string, item: Item): void;
}

/** An empty queue. Accounts are served in turn, and each in the order in which it came. */
export function createFairQueue<Item>(): FairQueue<Item> {
  // A Map keeps the order in which keys were added: an account that has been served goes to the end.
  const accounts = new Map<string, Item[]>();
  let size = 0;

  function removeAt(account: string, items: Item[], index: number): Item | null {
    const item = index === 0 ? items.shift() : items.splice(index, 1)[0];
    if (item === undefined) return null;
    size -= 1;
    if (items.length === 0) accounts.delete(account);
    return item;
  }

  return {
    get size() {
      return size;
    },
    push: (account, item) => {
      const items = accounts.get(account);
      if (items === undefined) accounts.set(account, [item]);
      else items.push(item);
      size += 1;
    },
    shift: () => {
      // Asked at the end of every read, and mostly nothing waits, or one account alone.
      if (size === 0) return null;
      for (const [account, items] of accounts) {
        const item = removeAt(account, items, 0);
        if (items.length > 0 && accounts.size > 1) {
          accounts.delete(account);
          accounts.set(account, items);
        }
        return item;
      }
      return null;
    },
    dropForTheSakeOf: (account) => {
      const own = (accounts.get(account)?.length ?? 0) + 1;
      let largest: readonly [string, Item[]] | null = null;
      for (const entry of accounts) {
        if (entry[1].length > (largest?.[1].length ?? own)) largest = entry;
      }
      return largest === null ? null : removeAt(largest[0], largest[1], largest[1].length - 1);
    },
    remove: (account, item) => {
      const items = accounts.get(account);
      const index = items?.indexOf(item) ?? -1;
      if (items !== undefined && index >= 0) removeAt(account, items, index);
    },
  };
}
