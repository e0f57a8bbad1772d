/** Name of all operations that have none. No operation can be called so. */
export const nameless = '(anonymous)';

/** Name of all operations whose own is not kept. */
const others = '(others)';

/** Shown in place of a name that cannot be. */
const withheld = '(withheld)';

/** Names of operations as they are counted and shown. */
export interface Names {
  /** The name that an operation is counted under. */
  counted(name: string | null, isSecret: (text: string) => boolean): string;
  /** The name that is shown of it where names need not be few. */
  shown(name: string | null, isSecret: (text: string) => boolean): string | null;
}

/**
 * Makes what names operations. Clients think of names, so only the first few are counted each for itself, and which
 * these are never changes; one that is a part of a secret of whoever sends it first is never shown.
 */
export function createNames(limit: number): Names {
  const kept = new Set<string>();
  return {
    counted: (name, isSecret) => {
      if (name === null) return nameless;
      if (kept.has(name)) return name;
      if (kept.size >= limit || name.length > longestName || isSecret(name)) return others;
      kept.add(name);
      return name;
    },
    shown: (name, isSecret) => {
      if (name === null || kept.has(name)) return name;
      // To look through all of a document that is a name would hold the event loop for seconds.
      const part = name.slice(0, longestName);
      if (isSecret(part)) return withheld;
      return name.length > longestName ? `${part}…` : name;
    },
  };
}

const longestName = 100;
