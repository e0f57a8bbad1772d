import type { DocumentNode } from 'graphql';

/** Documents that were read and found valid, by a key made of their text and the schema. */
export interface DocumentStore {
  get(key: string): Promise<DocumentNode | undefined>;
  set(key: string, document: DocumentNode): Promise<void>;
  delete(key: string): Promise<boolean>;
}

/** How much is kept: whichever is reached first. */
export interface DocumentStoreLimits {
  readonly maxDocuments: number;
  /** Estimate of what they take in memory. */
  readonly maxBytes: number;
}

/** A token with the node that it is in the tree of; measured on documents of many kinds, rounded up. */
const bytesPerToken = 512;

const bytesPerCharacter = 2;

/**
 * Keeps the documents that were used last. Texts and comments count: a document holds all of its text, and comments
 * are tokens of it, though the tree has none of them.
 */
export function createDocumentStore(
  { maxDocuments, maxBytes }: DocumentStoreLimits,
  lookedUp: (known: boolean) => void = () => undefined,
): DocumentStore {
  const entries = new Map<string, { readonly document: DocumentNode; readonly bytes: number }>();
  let bytes = 0;
  /** Who asks for the same one again and again need not have it put behind all others each time. */
  let latest: string | null = null;

  function remove(key: string): boolean {
    bytes -= entries.get(key)?.bytes ?? 0;
    return entries.delete(key);
  }

  return {
    get: (key) => {
      const entry = entries.get(key);
      lookedUp(entry !== undefined);
      if (entry !== undefined && key !== latest) {
        entries.delete(key);
        entries.set(key, entry);
        latest = key;
      }
      return Promise.resolve(entry?.document);
    },
    set: (key, document) => {
      remove(key);
      const entry = { document, bytes: weighDocument(document) };
      entries.set(key, entry);
      latest = key;
      bytes += entry.bytes;
      for (const oldest of entries.keys()) {
        if (bytes <= maxBytes && entries.size <= maxDocuments) break;
        remove(oldest);
      }
      return Promise.resolve();
    },
    delete: (key) => Promise.resolve(remove(key)),
  };
}

/** What a document takes in memory, about. */
export function weighDocument({ loc }: DocumentNode): number {
  let tokens = 0;
  for (let token = loc?.startToken ?? null; token !== null; token = token.next) tokens++;
  return tokens * bytesPerToken + (loc?.source.body.length ?? 0) * bytesPerCharacter;
}
