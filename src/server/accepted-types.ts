/** A type in which something can be answered. */
interface Offered {
  /** As it stands in the head of an answer. */
  readonly text: string;
  readonly type: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Types as `accept` names them. */
interface Range {
  /** In small letters; the part behind the slash, or both, may be `*`. */
  readonly type: string;
  readonly parameters: readonly (readonly [name: string, value: string])[];
  readonly quality: number;
}

interface Fit {
  readonly text: string;
  readonly quality: number;
  readonly specificity: number;
  /** Place of the range among the others. */
  readonly place: number;
}

/** Type of answers to whoever does not care. */
export const usualType = 'application/json; charset=utf-8';

/** Type of pages. */
export const pageType = 'text/html';

const charset = 'utf-8';

/** The types of Apollo Server, in its order. */
const answers: readonly Offered[] = [
  { text: usualType, type: 'application/json', parameters: { charset } },
  {
    text: 'application/graphql-response+json; charset=utf-8',
    type: 'application/graphql-response+json',
    parameters: { charset },
  },
  {
    text: 'application/json; callbackSpec=1.0; charset=utf-8',
    type: 'application/json',
    parameters: { callbackspec: '1.0', charset },
  },
];

const answersAndPages: readonly Offered[] = [
  ...answers.slice(0, 2),
  { text: 'multipart/mixed', type: 'multipart/mixed', parameters: {} },
  { text: pageType, type: pageType, parameters: {} },
];

/** What most send, of which nothing is to be found out. */
const acceptsThatSayNothing: ReadonlySet<string | undefined> = new Set([
  undefined,
  '',
  '*/*',
  'application/json',
]);

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

/** As RFC 9110, 12.5.1 has it: the most specific range says how welcome a type is. */
function preferredOf(accept: string, offered: readonly Offered[]): string | null {
  const ranges = accept.toLowerCase().split(',').map(toRange);
  const fits = offered.map((one) => fitOf(one, ranges)).filter(({ quality }) => quality > 0);
  const [best] = fits.toSorted(
    (one, other) =>
      other.quality - one.quality || other.specificity - one.specificity || one.place - other.place,
  );
  return best?.text ?? null;
}

/** Commas and semicolons in quotes are taken for what they are elsewhere: no type that is offered has any. */
function toRange(text: string): Range {
  const [type = '', ...others] = text.split(';').map((part) => part.trim());
  const parameters: (readonly [string, string])[] = [];
  let quality = 1;
  for (const other of others) {
    const [name = '', value = ''] = other.split('=', 2).map((part) => part.trim());
    if (name === 'q') quality = Number.parseFloat(value);
    else if (name !== '') parameters.push([name, value.replaceAll('"', '')]);
  }
  return { type, parameters, quality };
}

function fitOf({ text, ...offered }: Offered, ranges: readonly Range[]): Fit {
  let fit: Fit = { text, quality: 0, specificity: -1, place: -1 };
  ranges.forEach((range, place) => {
    const { quality } = range;
    const specificity = specificityOf(range, offered);
    const isBetter =
      specificity > fit.specificity || (specificity === fit.specificity && quality >= fit.quality);
    if (specificity >= 0 && isBetter) fit = { text, quality, specificity, place };
  });
  return fit;
}

/** How closely a range says what a type is; below zero where it says something else. */
function specificityOf({ type, parameters }: Range, offered: Omit<Offered, 'text'>): number {
  const [main = ''] = offered.type.split('/', 1);
  const ofType = ['*/*', `${main}/*`, offered.type].indexOf(type);
  if (ofType === -1 || parameters.length === 0) return 2 * ofType;
  const isAllThere = parameters.every(([name, value]) => value === '*' || offered.parameters[name] === value);
  return isAllThere ? 2 * ofType + 1 : -1;
}
