import { randomBytes } from 'node:crypto';

/** As many as can be sent while an answer is on its way that nobody asked for. */
const maxRemembered = 512;

const headerName = 'x-request-id';

/**
 * What requests to an upstream were numbered with a short while ago. A gateway sends the number back (upstream contract
 * 1.3), so an answer that names the number of another request belongs to that: answers to one connection are told apart
 * by their order alone, and one too many would make everybody after it get somebody else's. A list of fixed length, since
 * a `Set` that changes with every request leads to those that are over (bench/README.md).
 */
export class SentIds {
  readonly #recent: string[] = [];
  /** Of each of them, since a gateway that numbers answers by itself has each of its numbers looked for. */
  readonly #hashes = new Int32Array(maxRemembered);
  readonly #prefix = randomBytes(8).toString('hex');
  #place = 0;
  #last = '';
  #made = 0;

  /** The number among headers, names and values in turn; one that is added where they have none. It counts as sent. */
  idOf(headers: string[]): string {
    const id = numberAmong(headers) ?? this.#addOne(headers);
    this.#remember(id);
    return id;
  }

  /** Whether an answer to a request of this number names another one that was sent. */
  isOfAnother(named: string | string[] | undefined, id: string): boolean {
    if (named === undefined || named === id) return false;
    if (typeof named === 'string') return this.#wasSent(named);
    return !named.includes(id) && named.some((one) => this.#wasSent(one));
  }

  #wasSent(id: string): boolean {
    const hash = hashOf(id);
    let place = this.#hashes.indexOf(hash);
    while (place !== -1 && this.#recent[place] !== id) place = this.#hashes.indexOf(hash, place + 1);
    return place !== -1;
  }

  #addOne(headers: string[]): string {
    this.#made += 1;
    const id = `${this.#prefix}-${String(this.#made)}`;
    headers.push(headerName, id);
    return id;
  }

  #remember(id: string): void {
    // All reads of an operation have one number.
    if (id === this.#last) return;
    this.#last = id;
    this.#recent[this.#place] = id;
    this.#hashes[this.#place] = hashOf(id);
    this.#place = (this.#place + 1) % maxRemembered;
  }
}

function numberAmong(headers: readonly string[]): string | undefined {
  for (let place = 0; place < headers.length; place += 2) {
    const name = headers[place] ?? '';
    if (name.length === headerName.length && name.toLowerCase() === headerName) return headers[place + 1];
  }
  return undefined;
}

function hashOf(text: string): number {
  let hash = 0;
  for (let place = 0; place < text.length; place += 1) hash = (hash * 31 + text.charCodeAt(place)) | 0;
  return hash;
}
