/** An encoding that is undone once, however often a text has gone through it. */
type Undo = (text: string) => string;

/** Texts are escaped again where they are quoted in others; deeper than this nobody reads. */
const deepest = 3;

/** A text as it stands, and as whoever undoes an encoding reads it: escapes of JSON, URLs and HTML, base64, hex. */
export function readingsOf(text: string): readonly string[] {
  const readings = [text, ...withoutEscapes(text)];
  for (const bytes of [...fromBase64(text), ...fromHex(text)]) {
    readings.push(bytes);
    // In UTF-16 each character of ASCII has two bytes.
    if (bytes.includes('\0')) readings.push(bytes.replaceAll('\0', ''));
  }
  return readings;
}

/** The text as it reads without the escapes of JSON, URLs or HTML, up to so deep; nothing where it has none. */
export function withoutEscapes(text: string, depth: number = deepest): readonly string[] {
  return [fromJson, fromUrl, fromHtml].flatMap((undo) => [...undone(text, undo, depth)]);
}

function* undone(text: string, undo: Undo, depth: number): Generator<string> {
  let reading = text;
  for (let at = 0; at < depth; at += 1) {
    const next = undo(reading);
    if (next === reading) return;
    yield next;
    reading = next;
  }
}

function fromJson(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replaceAll(/\\(?:u([\da-f]{4})|([^]))/gi, (_escape, code?: string, character = '') =>
    code === undefined ? String(character) : characterOf(code),
  );
}

function fromUrl(text: string): string {
  if (!text.includes('%')) return text;
  return text.replaceAll(/%([\da-f]{2})/gi, (_escape, code: string) => characterOf(code));
}

/** Those of HTML for characters that mean something in it. */
const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function fromHtml(text: string): string {
  if (!text.includes('&')) return text;
  return text
    .replaceAll(/&#0{0,6}(\d{1,3});/g, (_entity, code: string) => String.fromCharCode(Number(code)))
    .replaceAll(/&#x0{0,6}([\da-f]{1,2});/gi, (_entity, code: string) => characterOf(code))
    .replaceAll(/&(amp|lt|gt|quot|apos);/g, (_entity, name: string) => entities[name] ?? '');
}

function characterOf(hex: string): string {
  return String.fromCharCode(Number.parseInt(hex, 16));
}

/** Characters that hold twelve of a secret: fewer are nobody's. */
const fewest = { base64: 16, hex: 24 } as const;

/** What stands before may end within a group of four characters. */
function fromBase64(text: string): readonly string[] {
  const characters = text.replaceAll(/[^\w+/-]/g, '');
  if (characters.length < fewest.base64) return [];
  return [0, 1, 2, 3].map((from) => Buffer.from(characters.slice(from), 'base64').toString('latin1'));
}

/** What stands before may hold a digit of hex. */
function fromHex(text: string): readonly string[] {
  const digits = text.replaceAll(/[^\da-f]/gi, '');
  if (digits.length < fewest.hex) return [];
  return [0, 1].map((from) => Buffer.from(digits.slice(from), 'hex').toString('latin1'));
}
