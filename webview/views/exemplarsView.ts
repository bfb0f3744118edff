import type { ExemplarPixels } from '../../src/protocol/webviewMessages';
import type { Part } from '../charts/exemplarCanvas';
import { differenceScale } from '../model/colourScale';
import { classChanges, differences, type ClassChange } from '../model/exemplars';
import { changesTable } from '../model/exemplarTable';
import { plural } from '../model/format';
import { h, setText } from '../ui/h';
import { section } from '../ui/section';
import { tableTwin } from '../ui/tableTwin';
import { button, dropdown, setChoices } from '../ui/toolkit';
import { changeBars } from './changeBars';
import { classChips } from './classChips';
import { colourBar } from './colourBar';
import type { ExemplarChoice, ExemplarFiles, ExemplarsOptions, ExemplarsState, ExemplarsView } from './exemplarTypes';
import { exemplarGrid } from './exemplarGrid';
import { sizeSlider } from './sizeSlider';

const NEWEST = 'newest';
/** Rows shown at first, and more with each click. */
const ROWS = 14;

/** Stored exemplars before and after they were learned, the difference, and how far each class moved. */
export function exemplarsView({ tooltip, kept, keep, request }: ExemplarsOptions): ExemplarsView {
  const state: ExemplarsState = { exemplarFile: NEWEST, exemplarClass: null, exemplarSize: 48, changesTable: false, ...kept };
  const loaded = new Map<string, { pixels: ExemplarPixels; changes: readonly ClassChange[] }>();
  const failed = new Map<string, string>();
  const asked = new Set<string>();
  let files: ExemplarFiles | null = null;
  let rows = ROWS;

  const change = (part: Partial<ExemplarsState>) => {
    Object.assign(state, part);
    keep(part);
    rows = ROWS;
    draw();
  };
  const chooser = dropdown('Stored exemplars of', [], state.exemplarFile, (exemplarFile) => change({ exemplarFile }));
  const chooserHolder = h('span', { class: 'control-pair' }, h('span', { class: 'quiet' }, 'stored by'), chooser);
  const chips = classChips((exemplarClass) => change({ exemplarClass }));
  const size = sizeSlider(state.exemplarSize, (exemplarSize) => change({ exemplarSize }));
  const grid = exemplarGrid(tooltip);
  const bar = colourBar();
  const bars = changeBars();
  const twin = tableTwin('Pixel change', state.changesTable, (open) => change({ changesTable: open }));
  const note = h('p', { class: 'quiet note' });
  const message = h('p', { class: 'empty' });
  const order = h('p', { class: 'grid-order' });
  const more = button('Show more', () => {
    rows += 2 * ROWS;
    draw();
  });
  const body = h(
    'div',
    { class: 'exemplars-body' },
    h('div', { class: 'exemplars-main' }, h('div', { class: 'grid-key' }, order, bar.element), grid.element, more),
    h(
      'div',
      { class: 'exemplars-side', tabindex: 0, role: 'region', 'aria-label': 'Pixel change of each class' },
      bars.element,
      twin.element,
    ),
  );

  const file = (): ExemplarChoice | null => files?.choices.find((c) => c.value === state.exemplarFile) ?? files?.choices.at(-1) ?? null;

  const draw = () => {
    if (files === null) return;
    const choice = file();
    const current = choice?.value ?? null;
    showChooser(files, choice);
    setText(note, choice?.note ?? '');
    note.hidden = !choice?.note;
    const ready = current === null ? undefined : loaded.get(current);
    body.hidden = chips.element.hidden = size.hidden = ready === undefined;
    message.hidden = ready !== undefined;
    setText(message, current === null ? files.empty : (failed.get(current) ?? 'Reading the stored exemplars …'));
    if (current !== null && !ready && !asked.has(current)) {
      asked.add(current);
      request(current);
    }
    if (ready && choice) drawPixels(ready.pixels, ready.changes, choice);
  };

  const showChooser = ({ choices, follow }: ExemplarFiles, choice: ExemplarChoice | null) => {
    chooserHolder.hidden = choices.length < 2;
    const offered = choices.toReversed().map(({ value, label }) => ({ value, label }));
    const newest = follow ? [{ value: NEWEST, label: `newest (${choices.at(-1)?.label ?? ''})` }] : [];
    setChoices(chooser, [...newest, ...offered], follow && state.exemplarFile === NEWEST ? NEWEST : (choice?.value ?? ''));
  };

  const drawPixels = (pixels: ExemplarPixels, changes: readonly ClassChange[], { nameOf }: ExemplarChoice) => {
    const one = changes.find((c) => c.classIndex === state.exemplarClass) ?? null;
    const exemplars = one ? one.exemplars : changes.flatMap((c) => c.exemplars);
    const moved = changes.some((c) => c.max > 0);
    const parts: Part[] = moved ? ['before', 'after', 'difference'] : ['after'];
    const scale = differenceScale(differences(pixels, exemplars));
    chips.show(
      changes.map((c) => ({ classIndex: c.classIndex, name: nameOf(c.classIndex) })),
      one?.classIndex ?? null,
    );
    setText(order, moved ? 'before · after · difference' : 'before = after');
    bar.element.hidden = !moved;
    bar.show(scale);
    bars.show(changes, nameOf);
    twin.show(changesTable(changes, nameOf));
    const what = one ? `class ${nameOf(one.classIndex)}` : plural(changes.length, 'class', 'classes');
    grid.show({
      pixels,
      exemplars,
      parts,
      scale,
      size: state.exemplarSize,
      nameOf,
      summary: `${plural(exemplars.length, 'exemplar')} of ${what}${moved ? ', each before, after and the difference' : ''}. The table has the numbers.`,
      maxRows: rows,
      onDrawn(count) {
        more.hidden = count >= exemplars.length;
        more.textContent = `Show more (${count} of ${exemplars.length} shown)`;
      },
    });
  };

  return {
    element: section('exemplars', 'Exemplars before and after', [chooserHolder, size, twin.controls], note, chips.element, message, body),
    show(next) {
      const same = JSON.stringify(next) === JSON.stringify(files);
      files = next;
      const choice = file();
      // Events come several a second: pixels are drawn anew only when the files or the choice among them changed.
      if (!same || (choice !== null && !loaded.has(choice.value))) draw();
    },
    setPixels(name, pixels, error) {
      if (pixels) loaded.set(name, { pixels, changes: classChanges(pixels) });
      else failed.set(name, error?.message ?? 'The stored exemplars could not be read.');
      draw();
    },
    forget(name) {
      loaded.delete(name);
      failed.delete(name);
      asked.delete(name);
    },
  };
}
