import Negotiator from 'negotiator';

/** Type of answers to whoever does not care. */
export const usualType = 'application/json; charset=utf-8';

/** Type of pages. */
export const pageType = 'text/html';

/** The types of Apollo Server's answers, in its order. */
const answers = [
  usualType,
  'application/graphql-response+json; charset=utf-8',
  'application/json; callbackSpec=1.0; charset=utf-8',
];

const answersAndPages = [...answers.slice(0, 2), 'multipart/mixed', pageType];

/** What most send, of which nothing is to be found out. */
const acceptsThatSayNothing: ReadonlySet<string> = new Set(['', '*/*', 'application/json']);

/** Clients send the same again and again, and to take it apart takes time. */
let lastAccept: string | undefined;
let lastType: string | null = usualType;

/** The type that an answer of GraphQL has for who sends this `accept`; null where it accepts none. */
export function answerTypeOf(accept: string | undefined): string | null {
  if (accept === undefined || acceptsThatSayNothing.has(accept)) return usualType;
  if (accept !== lastAccept) {
    lastType = preferredOf(accept, answers);
    lastAccept = accept;
  }
  return lastType;
}

/** Whether who sends this `accept` would rather see a page than an answer: a browser. */
export function prefersPage(accept: string | undefined): boolean {
  return accept !== undefined && accept !== '' && preferredOf(accept, answersAndPages) === pageType;
}

/** Browsers send some 150 characters. For each type in it Negotiator takes those that are offered apart anew. */
const longestAccept = 2048;

function preferredOf(accept: string, offered: string[]): string | null {
  if (accept.length > longestAccept) return null;
  return new Negotiator({ headers: { accept } }).mediaType(offered) ?? null;
}
