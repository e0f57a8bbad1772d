/** JSON put together as text, since a number of 64 bits cannot pass through a double. */

/** A piece of JSON; undefined where there is none. */
export type JsonText = string | undefined;

/** An object of the members that there are. */
export function objectText(members: Readonly<Record<string, JsonText>>): string {
  const present = Object.entries(members).flatMap(([name, value]) =>
    value === undefined ? [] : [`${JSON.stringify(name)}:${value}`],
  );
  return `{${present.join(',')}}`;
}

/** A list. */
export function listText(items: readonly string[]): string {
  return `[${items.join(',')}]`;
}

/** A number that stands as digits; null and undefined as they are. */
export function idText(digits: string | null | undefined): JsonText {
  return digits === null ? 'null' : digits;
}

/** A text, a number, a truth; null and undefined as they are. */
export function valueText(value: string | number | boolean | null | undefined): JsonText {
  return value === undefined ? undefined : JSON.stringify(value);
}
