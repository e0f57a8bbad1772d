import { createCellPainter, type CellPainter } from './cell-painter.ts';
import { byId, setText } from './dom.ts';
import { cellAt, cellsBetween, layOut, moveBy, type GridLayout } from './grid-layout.ts';
import { describeHost } from './hosts.ts';
import type { Host } from './model.ts';

/** The grid of hosts: a cell for each, of which only those in sight are painted. */
export interface HostGrid {
  /** Shows these hosts, in this order. */
  show(hosts: readonly Host[]): void;
  resize(size: 'fit' | number): void;
}

const emptyLayout: GridLayout = { cell: 7, pitch: 8, columns: 1, rows: 0, height: 0 };

/** Largest height of the part in sight. */
const tallest = 440;

/** Makes the elements of the page a grid. */
export function createHostGrid(): HostGrid {
  const view = byId('grid', HTMLDivElement);
  const space = byId('grid-space', HTMLDivElement);
  const canvas = byId('grid-canvas', HTMLCanvasElement);
  const state = { hosts: [] as readonly Host[], layout: emptyLayout, size: 'fit' as 'fit' | number };
  const cursor = createCursor(view, state);
  let painter: CellPainter | null = null;
  let frame = 0;

  const paint = (): void => {
    frame = 0;
    painter ??= createCellPainter(state.layout.cell, devicePixelRatio);
    paintVisible(canvas, view, { ...state, painter, at: cursor.at() });
  };
  const schedule = (): void => {
    frame ||= requestAnimationFrame(paint);
  };
  const arrange = (): void => {
    const width = view.clientWidth;
    if (width === 0) return;
    const layout = layOut(state.hosts.length, { width, height: tallest }, state.size);
    if (layout.cell !== state.layout.cell) painter = null;
    state.layout = layout;
    space.style.height = `${String(layout.height)}px`;
    view.style.height = `${String(Math.min(tallest, Math.max(layout.height, 30)) + 2)}px`;
    cursor.tell();
    schedule();
  };
  cursor.onMove(schedule);
  view.addEventListener('scroll', schedule, { passive: true });
  new ResizeObserver(arrange).observe(view);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    painter = null;
    schedule();
  });
  return {
    show: (hosts) => {
      state.hosts = hosts;
      arrange();
    },
    resize: (size) => {
      state.size = size;
      arrange();
    },
  };
}

interface GridState {
  readonly hosts: readonly Host[];
  readonly layout: GridLayout;
}

function paintVisible(
  canvas: HTMLCanvasElement,
  view: HTMLElement,
  { hosts, layout, painter, at }: GridState & { readonly painter: CellPainter; readonly at: number },
): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const { clientWidth: width, clientHeight: height, scrollTop: top } = view;
  canvas.width = Math.round(width * devicePixelRatio);
  canvas.height = Math.round(height * devicePixelRatio);
  canvas.style.width = `${String(width)}px`;
  canvas.style.height = `${String(height)}px`;
  context.scale(devicePixelRatio, devicePixelRatio);
  const { first, end } = cellsBetween(layout, hosts.length, { top, bottom: top + height });
  const place = (index: number): { x: number; y: number } => ({
    x: (index % layout.columns) * layout.pitch,
    y: Math.floor(index / layout.columns) * layout.pitch - top,
  });
  hosts.slice(first, end).forEach(({ phase }, offset) => {
    painter.paint(context, phase, place(first + offset));
  });
  if (at < first || at >= end) return;
  const { x, y } = place(at);
  context.lineWidth = 2;
  context.strokeStyle = getComputedStyle(view).getPropertyValue('--focus');
  context.strokeRect(x + 1, y + 1, layout.cell - 2, layout.cell - 2);
}

interface Cursor {
  /** Which host it stands on. */
  at(): number;
  /** Says again what it stands on, since that may have changed. */
  tell(): void;
  onMove(moved: () => void): void;
}

/** The host that keys and the mouse have chosen. It is told as the one cell of the grid, and in the line below. */
function createCursor(view: HTMLElement, state: GridState): Cursor {
  const line = byId('host', HTMLParagraphElement);
  let index = -1;
  let moved = (): void => undefined;
  const tell = (): void => {
    index = Math.min(index, state.hosts.length - 1);
    const host = state.hosts[index];
    tellCell(view, state, { index, text: host === undefined ? '' : describeHost(host) });
    setText(
      line,
      host === undefined ? 'Point at a host, or go there with the arrow keys.' : describeHost(host),
    );
  };
  const moveTo = (to: number): void => {
    index = to;
    tell();
    moved();
  };
  view.addEventListener('keydown', (event) => {
    const rowsSeen = Math.floor(view.clientHeight / state.layout.pitch);
    const { columns } = state.layout;
    const to = moveBy(event.key, Math.max(0, index), { count: state.hosts.length, columns, rowsSeen });
    if (to === null || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    scrollTo(view, state.layout, to);
    moveTo(index === -1 ? 0 : to);
  });
  view.addEventListener('focus', () => {
    if (index === -1 && state.hosts.length > 0) moveTo(0);
  });
  view.addEventListener('pointermove', (event) => {
    const box = view.getBoundingClientRect();
    const point = { x: event.clientX - box.left, y: event.clientY - box.top + view.scrollTop };
    const to = cellAt(state.layout, state.hosts.length, point);
    if (to !== null && to !== index) moveTo(to);
  });
  return { at: () => index, tell, onMove: (listener) => (moved = listener) };
}

function tellCell(
  view: HTMLElement,
  { hosts, layout }: GridState,
  { index, text }: { readonly index: number; readonly text: string },
): void {
  const row = byId('grid-row', HTMLDivElement);
  const cell = byId('grid-cell', HTMLDivElement);
  const column = index < 0 ? 0 : index % layout.columns;
  view.setAttribute('aria-rowcount', String(layout.rows));
  view.setAttribute('aria-colcount', String(Math.min(layout.columns, hosts.length)));
  row.setAttribute('aria-rowindex', String(index < 0 ? 1 : Math.floor(index / layout.columns) + 1));
  cell.setAttribute('aria-colindex', String(column + 1));
  setText(cell, text);
}

function scrollTo(view: HTMLElement, { pitch, columns }: GridLayout, index: number): void {
  const top = Math.floor(index / columns) * pitch;
  if (top < view.scrollTop) view.scrollTop = top;
  else if (top + pitch > view.scrollTop + view.clientHeight) view.scrollTop = top + pitch - view.clientHeight;
}
