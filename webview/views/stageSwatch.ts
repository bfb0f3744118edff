import type { Stage } from '../../src/protocol/words';
import { equationText, STAGE_WORDS } from '../model/stageWords';
import { h } from '../ui/h';

/** What the colours of the timeline mean, in words. */
export function stageLegend(stages: readonly Stage[]): HTMLElement {
  return h(
    'dl',
    { class: 'stage-legend' },
    ...stages.map((stage) => {
      const words = STAGE_WORDS[stage];
      const equations = equationText(words);
      return h(
        'div',
        {},
        h(
          'dt',
          {},
          h('span', { class: `swatch stage-${stage}`, 'aria-hidden': 'true' }),
          words.label,
          equations && h('span', { class: 'equation' }, equations),
        ),
        h('dd', {}, words.meaning),
      );
    }),
  );
}
