import { formsOf } from './secret-forms.ts';

/** Shortest run of characters that counts as a secret's: what is shorter can be anybody's. */
export const shortestRun = 12;

/** A secret that is shorter still counts as a whole, but for what every text holds. */
const shortestWhole = 4;

/** Length of the pieces that a form is first looked for by: each run of `shortestRun` holds one that stands at a multiple. */
const piece = shortestRun / 2;

/** A part of a text. */
interface Run {
  readonly start: number;
  readonly end: number;
}

/**
 * Finds all of some texts that can be read as a part of a secret, however it is written: what is left shares no run of
 * `shortestRun` characters with any form of it. For many secrets, each looked for by itself, and few texts.
 */
export class SecretSearch {
  readonly #texts: readonly SearchedText[];
  readonly #lookedFor = new Set<string>();

  constructor(texts: readonly string[]) {
    this.#texts = texts.map((text) => ({
      text,
      pieces: windowsOf([text], piece),
      isSecret: new Uint8Array(text.length),
    }));
  }

  lookFor(secret: string): void {
    if (this.#lookedFor.has(secret)) return;
    this.#lookedFor.add(secret);
    for (const form of formsOf(secret)) {
      for (const { text, pieces, isSecret } of this.#texts) {
        if (form.length < shortestRun) markWhole(text, form, isSecret);
        else if (sharesPiece(form, pieces)) markRuns(text, form, isSecret);
      }
    }
  }

  /** The texts with this in place of each part that was found. */
  without(blank: string): readonly string[] {
    return this.#texts.map(({ text, isSecret }) => {
      let [clean, from] = ['', 0];
      for (const { start, end } of runsOf(isSecret)) {
        clean += `${text.slice(from, start)}${blank}`;
        from = end;
      }
      return clean + text.slice(from);
    });
  }
}

interface SearchedText {
  readonly text: string;
  readonly pieces: ReadonlySet<string>;
  /** 1 for each character that is a part of a secret. */
  readonly isSecret: Uint8Array;
}

/** Makes what tells whether a text holds a part of a secret. For one secret and many texts. */
export function createSecretCheck(secret: string): (text: string) => boolean {
  const forms = [...formsOf(secret)];
  const long = forms.filter(({ length }) => length >= shortestRun);
  const short = forms.filter(({ length }) => length >= shortestWhole && length < shortestRun);
  const pieces = windowsOf(long, piece);
  const runs = windowsOf(long, shortestRun);
  // Most texts share no piece with any form, and there are fewer of those to look at.
  return (text) =>
    (sharesPiece(text, pieces) && holdsOneOf(text, runs)) || short.some((form) => text.includes(form));
}

function holdsOneOf(text: string, runs: ReadonlySet<string>): boolean {
  for (let at = 0; at + shortestRun <= text.length; at += 1) {
    if (runs.has(text.slice(at, at + shortestRun))) return true;
  }
  return false;
}

function windowsOf(texts: readonly string[], length: number): ReadonlySet<string> {
  const windows = new Set<string>();
  for (const text of texts) {
    for (let at = 0; at + length <= text.length; at += 1) windows.add(text.slice(at, at + length));
  }
  return windows;
}

function sharesPiece(form: string, pieces: ReadonlySet<string>): boolean {
  for (let at = 0; at + piece <= form.length; at += piece) {
    if (pieces.has(form.slice(at, at + piece))) return true;
  }
  return false;
}

function markRuns(text: string, form: string, isSecret: Uint8Array): void {
  const windows = windowsOf([form], shortestRun);
  for (let at = 0; at + shortestRun <= text.length; at += 1) {
    if (windows.has(text.slice(at, at + shortestRun))) isSecret.fill(1, at, at + shortestRun);
  }
}

function markWhole(text: string, form: string, isSecret: Uint8Array): void {
  if (form.length < shortestWhole) return;
  for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + 1)) {
    isSecret.fill(1, at, at + form.length);
  }
}

function runsOf(isSecret: Uint8Array): readonly Run[] {
  const runs: Run[] = [];
  for (let start = isSecret.indexOf(1); start >= 0;) {
    const after = isSecret.indexOf(0, start);
    const end = after < 0 ? isSecret.length : after;
    runs.push({ start, end });
    start = isSecret.indexOf(1, end);
  }
  return runs;
}
