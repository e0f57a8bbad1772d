import type { Phase } from './model.ts';
import { phaseLooks } from './phases.ts';

/** Paints cells: each phase has a colour and a shape of its own, so that it is known without its colour. */
export interface CellPainter {
  paint(
    context: CanvasRenderingContext2D,
    phase: Phase,
    at: { readonly x: number; readonly y: number },
  ): void;
}

/** A painter of cells of one side. Colours are those of the page when it is made. */
export function createCellPainter(side: number, scale: number): CellPainter {
  const sprites = new Map<Phase, HTMLCanvasElement>();
  const spriteOf = (phase: Phase): HTMLCanvasElement => {
    const known = sprites.get(phase);
    if (known !== undefined) return known;
    const made = paintSprite(phase, side, scale);
    sprites.set(phase, made);
    return made;
  };
  return {
    paint: (context, phase, { x, y }) => {
      context.drawImage(spriteOf(phase), x, y, side, side);
    },
  };
}

/** A cell as an element, for legends. */
export function paintSprite(phase: Phase, side: number, scale: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(side * scale);
  canvas.height = canvas.width;
  const context = canvas.getContext('2d');
  if (context === null) return canvas;
  context.scale(canvas.width / side, canvas.height / side);
  paintCell(context, phase, side);
  return canvas;
}

function paintCell(context: CanvasRenderingContext2D, phase: Phase, side: number): void {
  const style = getComputedStyle(document.documentElement);
  const colour = style.getPropertyValue(phaseLooks[phase].colour);
  const mark = style.getPropertyValue('--mark');
  const line = Math.max(1, side / 14);
  context.lineWidth = line;
  context.beginPath();
  if (phase === 'PENDING') {
    context.roundRect(line / 2, line / 2, side - line, side - line, side / 6);
    context.strokeStyle = colour;
    context.stroke();
    return;
  }
  // Success is what most cells are. It is smaller and bears no mark, so that a wall of it stays quiet.
  const inset = phase === 'SUCCEEDED' ? Math.max(0.5, side * 0.13) : 0;
  context.roundRect(inset, inset, side - 2 * inset, side - 2 * inset, side / 6);
  context.fillStyle = colour;
  context.fill();
  context.strokeStyle = mark;
  context.fillStyle = mark;
  context.lineCap = 'round';
  context.lineWidth = Math.max(1, side / 8);
  context.beginPath();
  paintMark(context, phase, side);
}

/** What stands on the colour. */
function paintMark(context: CanvasRenderingContext2D, phase: Phase, side: number): void {
  const near = side * 0.28;
  const far = side - near;
  const middle = side / 2;
  if (phase === 'FAILED') {
    context.moveTo(near, near);
    context.lineTo(far, far);
    context.moveTo(far, near);
    context.lineTo(near, far);
    context.stroke();
  } else if (phase === 'STOPPED') {
    context.moveTo(near, middle);
    context.lineTo(far, middle);
    context.stroke();
  } else if (phase === 'RUNNING') {
    context.moveTo(near, near);
    context.lineTo(far, middle);
    context.lineTo(near, far);
    context.fill();
  } else if (phase === 'UNRECOGNIZED') {
    context.arc(middle, middle, side * 0.18, 0, 2 * Math.PI);
    context.fill();
  }
}
