import { paintSprite } from './cell-painter.ts';
import { byId, make, setText } from './dom.ts';
import type { Phase } from './model.ts';
import { hostPhases, phaseLooks } from './phases.ts';

/** What the cells mean and how many of each there are. Each entry is a switch that hides its hosts. */
export interface Legend {
  show(counts: ReadonlyMap<Phase, number>): void;
  isShown(phase: Phase): boolean;
}

/** Makes the legend of the page; `changed` is called when somebody hides or shows a phase. */
export function createLegend(changed: () => void): Legend {
  const hidden = new Set<Phase>();
  const entries = hostPhases.map((phase) => {
    const count = make('b');
    const swatch = make('span', { class: 'swatch' });
    const button = make(
      'button',
      { type: 'button', 'aria-pressed': 'true' },
      swatch,
      count,
      phaseLooks[phase].word,
    );
    button.addEventListener('click', () => {
      if (!hidden.delete(phase)) hidden.add(phase);
      button.setAttribute('aria-pressed', String(!hidden.has(phase)));
      changed();
    });
    return { phase, count, swatch, button };
  });
  const paint = (): void => {
    for (const { phase, swatch } of entries) swatch.replaceChildren(paintSprite(phase, 14, devicePixelRatio));
  };
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', paint);
  paint();
  byId('legend', HTMLDivElement).replaceChildren(...entries.map(({ button }) => button));
  return {
    isShown: (phase) => !hidden.has(phase),
    show: (counts) => {
      for (const { phase, count, button } of entries) {
        const hosts = counts.get(phase) ?? 0;
        setText(count, hosts.toLocaleString('en'));
        button.classList.toggle('none', hosts === 0);
      }
    },
  };
}
