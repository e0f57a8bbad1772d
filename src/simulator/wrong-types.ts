import { isList, type Json } from './json.ts';

/** The same JSON, with a value of another type in every member of one of these names. */
export function withWrongTypes(value: Json, names: ReadonlySet<string>): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value)) return value.map((item) => withWrongTypes(item, names));
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      if (member === undefined) return [name, member];
      return [name, names.has(name) ? ofAnotherType(member) : withWrongTypes(member, names)];
    }),
  );
}

function ofAnotherType(value: Json): Json {
  if (typeof value === 'string') return 7;
  if (typeof value === 'number' || typeof value === 'bigint') return 'seven';
  if (typeof value === 'boolean') return 'perhaps';
  if (value !== null && !isList(value)) return ['unexpected'];
  return { unexpected: true };
}
