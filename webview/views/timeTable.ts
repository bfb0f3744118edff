import { stageSecondsTable } from '../model/stageSeconds';
import { h } from '../ui/h';
import { section } from '../ui/section';
import { tableTwin } from '../ui/tableTwin';
import type { RunRef } from './runRef';

/** Seconds of each stage, a table a run. */
export function timeTables(): { element: HTMLElement; show(runs: readonly RunRef[]): void } {
  const twins: ReturnType<typeof tableTwin>[] = [];
  const empty = h('p', { class: 'empty' }, 'No stage has ended yet: times appear when the first one has.');
  const element = section('times', 'Time of each stage', [], empty);
  return {
    element,
    show(runs) {
      runs.forEach(({ title, view }, i) => {
        let twin = twins[i];
        if (!twin) {
          twin = tableTwin(runs.length > 1 ? `Time of each stage, ${title}` : 'Time of each stage', true, () => undefined);
          twins.push(twin);
          element.append(h('div', { class: 'panel-head' }, runs.length > 1 && h('h3', {}, title), twin.controls), twin.element);
        }
        twin.show(stageSecondsTable(view));
      });
      empty.hidden = runs.some(({ view }) => stageSecondsTable(view).rows.length > 0);
    },
  };
}
