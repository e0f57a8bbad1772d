import { randomBytes } from 'node:crypto';

/** Of all connections together: as many as can be sent while an answer is on its way that nobody asked for. */
const maxRemembered = 512;

/** Of one connection, on which one is sent after the other: however long the answers take, they are these. */
const maxOfConnection = 16;

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

  /** Whether an answer to a request of this number names another one that was sent, on this connection or elsewhere. */
  isOfAnother(named: string | string[] | undefined, id: string, onConnection: ConnectionIds): boolean {
    if (named === undefined || named === id) return false;
    if (typeof named === 'string') return this.#wasSent(named, onConnection);
    return !named.includes(id) && named.some((one) => this.#wasSent(one, onConnection));
  }

  #wasSent(id: string, onConnection: ConnectionIds): boolean {
    if (onConnection.includes(id)) return true;
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

/** Numbers of what was sent on one connection last. */
export class ConnectionIds {
  readonly #last: string[] = [];

  remember(id: string): void {
    if (id === this.#last.at(-1)) return;
    this.#last.push(id);
    if (this.#last.length > maxOfConnection) this.#last.shift();
  }

  includes(id: string): boolean {
    return this.#last.includes(id);
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
