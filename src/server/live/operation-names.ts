/**
 * The names that the client of one socket gives to its operations. The library that speaks the protocol knows a running
 * operation by its name alone, and lets a name be used again as soon as its client has ended the operation: where that
 * has not begun yet, or not come to its end, it would know one of two, and end one of two with the socket.
 */
export class OperationNames {
  readonly #taken = new Set<string>();
  #latest: string | null = null;

  /** Takes a name for the operation that a message asks for. False where one has it that is not over. */
  take(name: string): boolean {
    if (this.#taken.has(name)) return false;
    this.#taken.add(name);
    this.#latest = name;
    return true;
  }

  /** Has a message handled. A name that is taken at once is free again when all that the message asked for is over. */
  async during(handle: () => Promise<void>): Promise<void> {
    this.#latest = null;
    const handled = handle();
    const name = this.#latest as string | null;
    try {
      await handled;
    } finally {
      if (name !== null) this.#taken.delete(name);
    }
  }
}
