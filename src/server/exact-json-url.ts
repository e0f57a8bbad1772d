import { toExactJson } from './exact-json-body.ts';
import { Refusal } from './refusals.ts';

/** Parameters of a URL that are JSON. */
const jsonParameters: ReadonlySet<string> = new Set(['variables', 'extensions']);

/** JSON of a parameter of a URL, to be read as a body is: no number is rounded. Throws where it is too much to be read. */
export function toExactParameter(text: string): string {
  const exact = toExactJson(Buffer.from(text), 'A parameter of the URL');
  if (exact instanceof Refusal) throw exact;
  return exact;
}

/** The query of a URL with its question mark, for a reader that rounds numbers. Throws where it is too much to be read. */
export function toExactSearch(search: string): string {
  const parameters = new URLSearchParams(search);
  if (![...jsonParameters].some((name) => parameters.has(name))) return search;
  const exact = [...parameters].map(([name, value]): [string, string] => [
    name,
    jsonParameters.has(name) ? toExactParameter(value) : value,
  ]);
  return `?${new URLSearchParams(exact).toString()}`;
}
