import type { FormField } from '../model/formFields';
import { rangeHint, showValue } from '../model/formValues';
import { fill, h, setAttribute, setText } from '../ui/h';
import { button } from '../ui/toolkit';
import { fieldControl } from './fieldControl';

export interface FieldState {
  /** As written in the file; undefined where the default holds. */
  readonly value: unknown;
  readonly problems: readonly string[];
  /** Value in the running run; undefined where none runs or the field can't change there. */
  readonly running: unknown;
  readonly enabled: boolean;
  /** Why the field does nothing with the others' values; null where it does something. */
  readonly unused: string | null;
}

export interface FieldView {
  readonly element: HTMLElement;
  show(state: FieldState): void;
}

export interface FieldActions {
  /** The text of an edit, once typing pauses; empty puts the default back. */
  edit(raw: string): void;
  /** Applies a number to the running run; the answer is null, or why not. */
  apply(value: number): Promise<string | null>;
}

/** One field of the form: label, control, hints, messages, and what a running run makes of it. */
export function formField(field: FormField, actions: FieldActions): FieldView {
  const id = `field-${field.name}`;
  const control = fieldControl(field, id, actions.edit);
  const problem = h('p', { class: 'field-problem', id: `${id}-problem` });
  const hint = h('p', { class: 'field-hint quiet', id: `${id}-hint` }, [field.unit, rangeHint(field)].filter(Boolean).join(', '));
  const description = h('p', { class: 'visually-hidden', id: `${id}-description` }, field.description);
  const unusedNote = h('p', { class: 'field-unused quiet', id: `${id}-unused` });
  const reset = button(`Back to the default of ${field.title}`, () => actions.edit(''), { icon: 'reset', appearance: 'icon' });
  const answer = h('p', { class: 'field-answer', role: 'status' });
  let applying: number | null = null;
  const apply = button('Apply to the running run', () => void applyNow(), { icon: 'sliders' });
  setAttribute(apply, 'aria-label', `Apply to the running run: ${field.symbol ?? field.title}`);
  const applyNow = async () => {
    if (applying === null) return;
    setAttribute(apply, 'aria-busy', 'true');
    const refused = await actions.apply(applying);
    setAttribute(apply, 'aria-busy', null);
    answer.classList.toggle('refusal', refused !== null);
    setText(answer, refused ?? 'Applied; it holds from the next step.');
  };
  const live = h('div', { class: 'field-live' }, apply, answer);
  const label = h(
    'label',
    { for: id, class: 'field-label', title: field.description, id: `${id}-label` },
    // The spaces are for those who hear it; on the screen the margins do it.
    field.symbol && h('span', { class: 'symbol' }, `${field.symbol} `),
    `${field.title} `,
    field.equation && h('span', { class: 'equation', title: `Equation ${field.equation} of the paper` }, `(${field.equation})`),
  );
  const element = h(
    'div',
    { class: `field field-${field.kind}`, 'data-field': field.name },
    h('div', { class: 'field-head' }, label, hint),
    h('div', { class: 'field-control' }, control.element, reset),
    description,
    unusedNote,
    problem,
    live,
  );
  return {
    element,
    show({ value, problems, running, enabled, unused }) {
      const set = value !== undefined;
      control.show(set ? value : undefined, field.defaultValue, enabled && unused === null);
      element.classList.toggle('field-off', unused !== null);
      unusedNote.hidden = unused === null;
      setText(unusedNote, unused ?? '');
      element.classList.toggle('set', set);
      reset.classList.toggle('unused', !set || !enabled);
      reset.disabled = !set || !enabled;
      setAttribute(reset, 'title', field.defaultValue === undefined ? 'Leave empty' : `Default: ${showValue(field.defaultValue)}`);
      fill(problem, problems.join(' '));
      setAttribute(control.input, 'aria-invalid', problems.length > 0 ? 'true' : null);
      setAttribute(
        control.input,
        'aria-describedby',
        [problems.length > 0 && problem.id, unused !== null && unusedNote.id, hint.textContent && hint.id, description.id]
          .filter(Boolean)
          .join(' '),
      );
      const wanted = value ?? field.defaultValue;
      applying = typeof wanted === 'number' && problems.length === 0 ? wanted : null;
      live.hidden = running === undefined;
      apply.hidden = applying === null || applying === running;
      if (running !== undefined && apply.hidden && answer.textContent === '') setText(answer, `The running run has ${showValue(running)}.`);
      else if (!apply.hidden) setText(answer, '');
    },
  };
}
