import type { TensorStatistics } from '../../src/protocol/webviewMessages';
import { histogram } from '../charts/histogram';
import { integer, number } from '../model/format';
import { h } from '../ui/h';

/** A tensor's statistics and the histogram of its values. */
export function tensorDetail(statistics: TensorStatistics): HTMLElement {
  const { count, notFinite, zeros, min, max, mean, standardDeviation } = statistics;
  const value = (x: number | null) => (x === null ? '–' : number(x));
  const fact = (name: string, text: string, warn = false) => h('div', { class: warn && 'warned' }, h('dt', {}, name), h('dd', {}, text));
  return h(
    'div',
    { class: 'tensor-detail' },
    h(
      'dl',
      { class: 'stats' },
      fact('Values', integer(count)),
      fact('Min', value(min)),
      fact('Max', value(max)),
      fact('Mean', value(mean)),
      fact('Standard deviation', value(standardDeviation)),
      fact('Zeros', count > 0 ? `${integer(zeros)} (${((zeros / count) * 100).toFixed(1)} %)` : '0'),
      fact('Not finite', integer(notFinite), notFinite > 0),
    ),
    statistics.histogram.length > 0 && min !== null && histogram(statistics),
  );
}
