/** Names and values of headers in turn, as they came. */
export type RawHeaders = readonly string[];

/** Where a header of this name, in small letters, stands next; -1 where there is none. */
export function placeOfHeader(rawHeaders: RawHeaders, name: string, from: number): number {
  for (let at = from; at + 1 < rawHeaders.length; at += 2) {
    const sent = rawHeaders[at] ?? '';
    // Most headers are none of this name by their length already.
    if (sent.length === name.length && sent.toLowerCase() === name) return at;
  }
  return -1;
}

/** Values of all headers of this name, in small letters. */
export function valuesOfHeader(rawHeaders: RawHeaders, name: string): readonly string[] {
  const values: string[] = [];
  for (let at = placeOfHeader(rawHeaders, name, 0); at !== -1; at = placeOfHeader(rawHeaders, name, at + 2)) {
    values.push(rawHeaders[at + 1] ?? '');
  }
  return values;
}
