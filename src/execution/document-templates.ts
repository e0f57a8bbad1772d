import {
  createDocumentTemplate,
  type DocumentTemplate,
  type ParameterizedDocument,
  type TemplateOptions,
} from './document-template.ts';
import { scanLiterals } from './literal-scan.ts';

/** Puts variables in place of literals. Null where the document is to be run as it is. */
export type ParameterizeDocument = (asked: string) => ParameterizedDocument | null;

/** How many documents are remembered, and how many characters they have together: whichever is reached first. */
export interface TemplateLimits {
  readonly maxEntries: number;
  readonly maxCharacters: number;
}

/** What is known of documents of one key: a template, that there is none, or that one has been seen. */
type Known = DocumentTemplate | 'left as it is' | 'seen once';

/**
 * Clients that write ids into their documents send a new one with each request, and to find a document valid takes
 * longer than to answer it. So documents that differ in their literals alone are run as one, with variables.
 * Nothing is made of a document on first sight: of those that never come again, only that they came is remembered.
 */
export function createDocumentTemplates(
  options: TemplateOptions,
  { maxEntries, maxCharacters }: TemplateLimits,
): ParameterizeDocument {
  const entries = new Map<string, Known>();
  let characters = 0;

  /** Puts an entry behind all others, and takes out those that were used longest ago. */
  function remember(key: string, known: Known): void {
    if (entries.delete(key)) characters -= weigh(key);
    entries.set(key, known);
    characters += weigh(key);
    for (const oldest of entries.keys()) {
      if (entries.size <= maxEntries && characters <= maxCharacters) break;
      entries.delete(oldest);
      characters -= weigh(oldest);
    }
  }

  return (asked) => {
    // A document without literals is its own key.
    if (entries.get(asked) === 'left as it is') return null;
    const scan = scanLiterals(asked);
    if (scan === null) return null;
    const { key, literals } = scan;
    if (literals.length === 0) {
      remember(key, 'left as it is');
      return null;
    }
    let known = entries.get(key) ?? null;
    if (known === null) {
      remember(key, 'seen once');
      return null;
    }
    if (known === 'seen once') known = createDocumentTemplate(asked, literals, options) ?? 'left as it is';
    remember(key, known);
    return known === 'left as it is' ? null : known.fill(asked, literals);
  };
}

/** The key, the text of a template, which is about as long, and what stands around them. */
function weigh(key: string): number {
  return 2 * key.length + 500;
}
