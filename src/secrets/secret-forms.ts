/** Every way in which texts hold a secret: as it is, as in JSON and in URLs, and encoded to the last character. */
export function formsOf(secret: string): ReadonlySet<string> {
  const bytes = Buffer.from(secret);
  const json = inJson(secret);
  const ascii = inAscii(json);
  const hex = bytes.toString('hex');
  // Halves of characters cannot stand in a URL; as bytes they are what stands for what cannot be written.
  const url = encodeURIComponent(bytes.toString());
  const inBytes = hex.replaceAll(/../g, '%$&');
  const inUnits = Buffer.from(secret, 'utf16le').swap16().toString('hex');
  return new Set([
    ...[secret, json, inJson(json), ascii, inJson(ascii)],
    ...[url, url.replaceAll(/%../g, (code) => code.toLowerCase())],
    ...[inBytes, inBytes.toUpperCase()],
    ...[inUnits, inUnits.toUpperCase()].map((units) => units.replaceAll(/..../g, '\\u$&')),
    ...[hex, hex.toUpperCase()],
    ...base64Of(bytes),
    ...(json === secret ? [] : base64Of(Buffer.from(json))),
  ]);
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function inAscii(json: string): string {
  return json.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Base64 as it reads where none, one or two bytes stand before, in both of its alphabets. */
function base64Of(bytes: Buffer): readonly string[] {
  return [0, 1, 2].flatMap((shift) => {
    const shifted = Buffer.concat([Buffer.alloc(shift), bytes]);
    const whole = Math.floor(shifted.length / 3) * 4;
    // Only what no neighbour changes.
    const form = shifted.toString('base64').slice(shift === 0 ? 0 : shift + 1, whole);
    return [form, form.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
