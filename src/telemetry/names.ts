/** Name of all operations that have none. No operation can be called so. */
export const nameless = '(anonymous)';

/** Name of all operations whose own is not kept. */
export const others = '(others)';

/**
 * Makes what gives each operation the name that it is counted under. Clients think of names, so only the first few are
 * kept; which are kept never changes.
 */
export function createNames(limit: number): (name: string | null) => string {
  const kept = new Set<string>();
  return (name) => {
    if (name === null) return nameless;
    if (kept.has(name)) return name;
    if (kept.size >= limit || name.length > longestName) return others;
    kept.add(name);
    return name;
  };
}

const longestName = 100;
