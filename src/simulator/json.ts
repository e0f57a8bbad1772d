/** JSON with whole numbers of any size: a bigint is written as its digits, a member that is undefined is left out. */
export type Json = null | boolean | number | bigint | string | JsonList | JsonObject;

/** A list of JSON. */
export type JsonList = readonly Json[];

/** An object of JSON. */
export interface JsonObject {
  readonly [name: string]: Json | undefined;
}

/** Writes JSON without spaces. */
export function jsonText(value: Json): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    // It refuses bigints. They are rare, and it is many times faster than what follows.
    if (error instanceof TypeError) return exactText(value);
    throw error;
  }
}

function exactText(value: Json): string {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(exactText).join(',')}]`;
  const members = Object.entries(value).flatMap(([name, member]) =>
    member === undefined ? [] : [`${JSON.stringify(name)}:${exactText(member)}`],
  );
  return `{${members.join(',')}}`;
}

/** Whether JSON is a list. */
export function isList(value: Json): value is JsonList {
  return Array.isArray(value);
}

/** A number that stands as digits, without loss; null and undefined as they are. */
export function toJsonNumber(digits: string | null | undefined): number | bigint | null | undefined {
  if (digits === null || digits === undefined) return digits;
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number : BigInt(digits);
}

const stringOrNumber = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;

/**
 * Members of a JSON object as texts, numbers digit by digit, since `JSON.parse` would round ids above 2^53. Members that
 * are neither text, number nor truth are left out. Null where the text is not an object in JSON.
 */
export function parseMembers(text: string): Readonly<Record<string, string>> | null {
  const withNumbersAsTexts = text.replace(stringOrNumber, (token) =>
    token.startsWith('"') ? token : `"${token}"`,
  );
  let value: unknown;
  try {
    value = JSON.parse(withNumbersAsTexts);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]: [string, unknown]) =>
      typeof member === 'string' || typeof member === 'boolean' ? [[name, String(member)]] : [],
    ),
  );
}
