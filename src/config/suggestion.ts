const longestName = 80;

/** The end of a fault about a name that does not exist: the known name that is nearest, where one is near at all. */
export function suggestionFor(name: string, known: readonly string[]): string {
  if (name.length > longestName) return '';
  const ranked = known
    .map((candidate) => ({ candidate, distance: editDistance(plain(name), plain(candidate)) }))
    .sort((left, right) => left.distance - right.distance);
  const [nearest] = ranked;
  if (nearest === undefined || nearest.distance > Math.max(2, name.length / 5)) return '';
  return `; did you mean ${nearest.candidate}?`;
}

/** Names may be shown only if they look like names: text of a file in the wrong place may be a secret. */
export function shownName(name: string): string {
  return name.length <= longestName && /^\w[\w.-]*$/.test(name) ? name : '(a name that no setting has)';
}

/** Whoever writes baseUrl or BASEURL means base_url. */
function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[_-]/g, '');
}

/** Levenshtein's distance, a row at a time. */
function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, at) => at);
  for (let leftAt = 0; leftAt < left.length; leftAt += 1) {
    const next = [leftAt + 1];
    for (let rightAt = 0; rightAt < right.length; rightAt += 1) {
      const replaced = (row[rightAt] ?? 0) + (left[leftAt] === right[rightAt] ? 0 : 1);
      next.push(Math.min(replaced, (row[rightAt + 1] ?? 0) + 1, (next[rightAt] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
