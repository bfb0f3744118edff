import { h } from '../ui/h';
import { integer, number } from '../model/format';
import { onThemeChange, themeColour } from '../ui/theme';
import type { TensorStatistics } from '../../src/protocol/webviewMessages';

const WIDTH = 320;
const HEIGHT = 56;

/** Bars of a tensor's values from its least to its greatest. */
export function histogram({ histogram: counts, min, max, name }: TensorStatistics): HTMLElement {
  const ratio = 2;
  const most = Math.max(...counts, 1);
  const fullest = counts.indexOf(most);
  const canvas = h('canvas', {
    role: 'img',
    width: WIDTH * ratio,
    height: HEIGHT * ratio,
    class: 'histogram',
    'aria-label': `Histogram of ${name}: ${counts.length} equal bins from ${number(min ?? 0)} to ${number(max ?? 0)}; the fullest, number ${fullest + 1}, has ${integer(most)} values.`,
  });
  const draw = () => {
    const context = canvas.getContext('2d');
    if (!context) return;
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.fillStyle = themeColour('--vscode-charts-blue');
    const width = canvas.width / counts.length;
    counts.forEach((count, i) => {
      const height = count === 0 ? 0 : Math.max(ratio, (count / most) * canvas.height);
      context.fillRect(i * width, canvas.height - height, Math.max(1, width - ratio / 2), height);
    });
  };
  draw();
  onThemeChange(draw);
  return h(
    'div',
    { class: 'histogram-holder' },
    canvas,
    h('div', { class: 'histogram-ends quiet' }, h('span', {}, number(min ?? 0)), h('span', {}, number(max ?? 0))),
  );
}
