import { diverging, type DifferenceScale } from '../model/colourScale';
import { number } from '../model/format';
import { fill, h } from '../ui/h';
import { isLight, onThemeChange, themeKind } from '../ui/theme';

const STEPS = 128;

/** The colour map of the differences with its ends, and what these were taken from. */
export function colourBar(): { element: HTMLElement; show(scale: DifferenceScale): void } {
  const canvas = h('canvas', { class: 'colour-bar', width: STEPS, height: 1, 'aria-hidden': 'true' });
  const low = h('span', {});
  const high = h('span', {});
  const basis = h('span', { class: 'quiet' });
  const draw = () => {
    const context = canvas.getContext('2d');
    const ground = isLight(themeKind()) ? 'light' : 'dark';
    for (let i = 0; i < STEPS && context; i++) {
      context.fillStyle = `rgb(${diverging((2 * i) / (STEPS - 1) - 1, ground).join(' ')})`;
      context.fillRect(i, 0, 1, 1);
    }
  };
  onThemeChange(draw);
  draw();
  return {
    element: h('div', { class: 'colour-bar-row' }, h('span', { class: 'quiet' }, 'difference'), low, canvas, high, basis),
    show({ limit, basis: from }) {
      fill(low, `darker −${number(limit)}`);
      fill(high, `+${number(limit)} lighter`);
      fill(basis, `(${from} of |after − before|, normalised pixels)`);
    },
  };
}
