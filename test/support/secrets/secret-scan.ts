/** A place where a secret was found. Holds nothing of it. */
export interface SecretFinding {
  readonly secret: string;
  /** How it was written. */
  readonly form: string;
  readonly where: string;
}

/** Looks through output for secrets. */
export interface SecretScan {
  look(where: string, text: string): void;
  readonly findings: readonly SecretFinding[];
  /** Characters that were looked through. */
  readonly looked: number;
}

/** So many characters on end of a secret count as the secret. */
const run = 12;

/** The same where up to six characters stand for one: a few of these are in many texts. */
const runOfEscapes = 36;

/** Each run holds a piece of this length that stands at a multiple of it. */
const piece = run / 2;

interface Needle {
  readonly secret: string;
  readonly form: string;
  readonly text: string;
  /** So much of the text is looked for, or all of it where it is shorter. */
  readonly run: number;
}

/** Makes a scan for these secrets, by their names. It knows nothing of how the service blanks them out. */
export function createSecretScan(secrets: Readonly<Record<string, string>>): SecretScan {
  const needles = Object.entries(secrets).flatMap(([secret, value]): readonly Needle[] => [
    ...Object.entries(formsOf(value)).map(([form, text]) => ({ secret, form, text, run })),
    ...Object.entries(escapesOf(value)).map(([form, text]) => ({ secret, form, text, run: runOfEscapes })),
  ]);
  const findings: SecretFinding[] = [];
  let looked = 0;
  return {
    findings,
    get looked() {
      return looked;
    },
    look: (where, text) => {
      looked += text.length;
      const pieces = piecesOf(text);
      for (const needle of needles) {
        const { secret, form } = needle;
        if (isIn(text, pieces, needle)) findings.push({ secret, form, where });
      }
    },
  };
}

/** All that a text is made of: to look for each run of each form by itself would take most of the time of the tests. */
function piecesOf(text: string): ReadonlySet<string> {
  const pieces = new Set<string>();
  for (let at = 0; at + piece <= text.length; at += 1) pieces.add(text.slice(at, at + piece));
  return pieces;
}

function isIn(text: string, pieces: ReadonlySet<string>, needle: Needle): boolean {
  if (needle.text.length <= needle.run) return text.includes(needle.text);
  for (let at = 0; at + piece <= needle.text.length; at += piece) {
    if (pieces.has(needle.text.slice(at, at + piece)) && holdsRunAround(text, needle, at)) return true;
  }
  return false;
}

/** Whether a run that holds the piece at this place as its first whole one is in the text. */
function holdsRunAround(text: string, needle: Needle, at: number): boolean {
  for (let start = Math.max(0, at - piece + 1); start <= at; start += 1) {
    const end = start + needle.run;
    if (end <= needle.text.length && text.includes(needle.text.slice(start, end))) return true;
  }
  return false;
}

function formsOf(value: string): Readonly<Record<string, string>> {
  const hex = Buffer.from(value).toString('hex');
  // Halves of characters cannot stand in a URL; as bytes they are what stands for what cannot be written.
  const inUrl = encodeURIComponent(Buffer.from(value).toString());
  const inJson = JSON.stringify(value).slice(1, -1);
  return {
    raw: value,
    'URL-encoded': inUrl,
    'URL-encoded, small letters': inUrl.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    'in JSON': inJson,
    'in JSON in JSON': JSON.stringify(inJson).slice(1, -1),
    hex,
    'hex, capital letters': hex.toUpperCase(),
    ...base64Forms('base64', value),
    ...base64Forms('base64 of JSON', inJson),
  };
}

/** Encodings that leave no character as it is. */
function escapesOf(value: string): Readonly<Record<string, string>> {
  const hex = Buffer.from(value).toString('hex');
  const inUrl = hex.replaceAll(/../g, '%$&');
  const inJson = hex.replaceAll(/../g, String.raw`\u00$&`);
  return {
    'URL-encoded throughout': inUrl.toUpperCase(),
    'URL-encoded throughout, small letters': inUrl,
    'in JSON, escaped throughout': inJson,
    'in JSON, escaped throughout, capital letters': inJson.toUpperCase().replaceAll('U', 'u'),
  };
}

/** Base64 depends on how many bytes stand before; the first characters then hold bits of a neighbour. */
function base64Forms(name: string, value: string): Readonly<Record<string, string>> {
  const forms: Record<string, string> = {};
  for (const [before, shared] of [
    [0, 0],
    [1, 2],
    [2, 3],
  ] as const) {
    const text = Buffer.from(`${'.'.repeat(before)}${value}`)
      .toString('base64')
      .slice(shared);
    forms[`${name} after ${String(before)}`] = text;
    forms[`${name} for URLs after ${String(before)}`] = text.replaceAll('+', '-').replaceAll('/', '_');
  }
  return forms;
}
