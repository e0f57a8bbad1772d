/** Lines over two axes that both grow by powers. */
export interface Plot {
  readonly title: string;
  readonly lines: readonly {
    readonly name: string;
    readonly points: readonly (readonly [x: number, y: number])[];
  }[];
}

const width = 640;
const height = 400;
const margin = { left: 60, right: 20, top: 40, bottom: 40 };
const colours = ['#888888', '#0b6bcb', '#c2410c'];

type Scale = (value: number) => number;

/** The plot as SVG. */
export function plotSvg({ title, lines }: Plot): string {
  const points = lines.flatMap((line) => line.points);
  const x = scaleOf(
    points.map(([value]) => value),
    [margin.left, width - margin.right],
  );
  const y = scaleOf(
    points.map(([, value]) => value),
    [height - margin.bottom, margin.top],
  );
  const drawn = lines.map(({ name, points: own }, index) => {
    const colour = colours[index] ?? 'black';
    const path = own.map(([a, b]) => `${x.scale(a).toFixed(1)},${y.scale(b).toFixed(1)}`).join(' ');
    const legend = `<text x="${String(margin.left + 10)}" y="${String(margin.top + 16 * (index + 1))}" fill="${colour}">${name}</text>`;
    return `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${path}"/>${legend}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(width)} ${String(height)}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="white"/>
<text x="${String(margin.left)}" y="20" font-size="14">${title}</text>
${x.ticks.map((tick) => verticalTick(tick, x.scale)).join('\n')}
${y.ticks.map((tick) => horizontalTick(tick, y.scale)).join('\n')}
${drawn.join('\n')}
</svg>
`;
}

function verticalTick(tick: number, scale: Scale): string {
  const at = scale(tick).toFixed(1);
  return `<line x1="${at}" x2="${at}" y1="${String(margin.top)}" y2="${String(height - margin.bottom)}" stroke="#dddddd"/><text x="${at}" y="${String(height - margin.bottom + 18)}" text-anchor="middle">${tick.toLocaleString('en')}</text>`;
}

function horizontalTick(tick: number, scale: Scale): string {
  const at = scale(tick).toFixed(1);
  return `<line x1="${String(margin.left)}" x2="${String(width - margin.right)}" y1="${at}" y2="${at}" stroke="#dddddd"/><text x="${String(margin.left - 6)}" y="${at}" text-anchor="end" dominant-baseline="middle">${String(tick)}</text>`;
}

function scaleOf(
  values: readonly number[],
  [start, end]: readonly [number, number],
): { readonly scale: Scale; readonly ticks: readonly number[] } {
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))));
  return {
    scale: (value) => start + ((Math.log10(value) - low) / (high - low)) * (end - start),
    ticks: Array.from({ length: high - low + 1 }, (_, index) => Number((10 ** (low + index)).toPrecision(1))),
  };
}
