/** Where cells lie. All lengths are CSS pixels. */
export interface GridLayout {
  /** Side of a cell. */
  readonly cell: number;
  /** From one cell to the next. */
  readonly pitch: number;
  readonly columns: number;
  readonly rows: number;
  /** Height of all rows. */
  readonly height: number;
}

/** Sides that "to fit" chooses from, largest first. */
const sides = [24, 18, 13, 10, 8, 6, 5] as const;

/** Lays out cells in a width. `fit` takes the largest side with which all of them are seen at once, else the smallest. */
export function layOut(
  count: number,
  room: { readonly width: number; readonly height: number },
  size: 'fit' | number,
): GridLayout {
  if (size !== 'fit') return layOutWith(count, room.width, size);
  const layouts = sides.map((side) => layOutWith(count, room.width, side));
  return layouts.find(({ height }) => height <= room.height) ?? layOutWith(count, room.width, 5);
}

function layOutWith(count: number, width: number, cell: number): GridLayout {
  const pitch = cell + (cell < 10 ? 1 : 2);
  const columns = Math.max(1, Math.floor(width / pitch));
  const rows = Math.ceil(count / columns);
  return { cell, pitch, columns, rows, height: rows * pitch };
}

/** Which cell lies at a point; null between cells and beyond the last one. */
export function cellAt(
  { pitch, cell, columns }: GridLayout,
  count: number,
  point: { readonly x: number; readonly y: number },
): number | null {
  const column = Math.floor(point.x / pitch);
  const index = Math.floor(point.y / pitch) * columns + column;
  const isOnCell = point.x >= 0 && point.x % pitch < cell && point.y % pitch < cell;
  return isOnCell && column < columns && index >= 0 && index < count ? index : null;
}

/** Cells of which something lies between two heights: the first, and the one after the last. */
export function cellsBetween(
  { pitch, columns }: GridLayout,
  count: number,
  span: { readonly top: number; readonly bottom: number },
): { readonly first: number; readonly end: number } {
  const first = Math.max(0, Math.floor(span.top / pitch)) * columns;
  const end = Math.ceil(span.bottom / pitch) * columns;
  return { first: Math.min(first, count), end: Math.min(end, count) };
}

/** Where a key leads from a cell; null for keys that lead nowhere. */
export function moveBy(
  key: string,
  from: number,
  {
    count,
    columns,
    rowsSeen,
  }: { readonly count: number; readonly columns: number; readonly rowsSeen: number },
): number | null {
  const page = Math.max(1, rowsSeen - 1) * columns;
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
    PageUp: -page,
    PageDown: page,
    Home: -count,
    End: count,
  };
  const step = steps[key];
  if (step === undefined || count === 0) return null;
  const isVertical = key.startsWith('Page') || key === 'ArrowUp' || key === 'ArrowDown';
  const to = from + step;
  // Up and down stay in their column; whatever else leads out ends at the first or the last.
  if (isVertical && (to < 0 || to >= count)) {
    const inColumn = from % columns;
    const last = inColumn + columns * Math.floor((count - 1 - inColumn) / columns);
    return to < 0 ? inColumn : last;
  }
  return Math.min(count - 1, Math.max(0, to));
}
