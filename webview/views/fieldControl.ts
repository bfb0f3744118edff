import type { FormField } from '../model/formFields';
import { showValue } from '../model/formValues';
import { debounced } from '../ui/frame';
import { assign, h } from '../ui/h';
import { dropdown } from '../ui/toolkit';

export interface FieldControl {
  readonly element: HTMLElement;
  /** What carries the accessible state. */
  readonly input: HTMLElement;
  /** Shows a value, or the default as a placeholder; never changes what is being typed. */
  show(value: unknown, defaultValue: unknown, enabled: boolean): void;
}

const TYPING_PAUSE = 400;

/**
 * The control of a field. Native inputs where the toolkit's would hide the input in a shadow root, where a message can't be
 * tied to it by aria-describedby; the toolkit's dropdown is its own combobox and can.
 */
export function fieldControl(field: FormField, id: string, onEdit: (raw: string) => void): FieldControl {
  if (field.kind === 'enum' || field.kind === 'boolean') return enumControl(field, id, onEdit);
  const numeric = field.kind === 'number' || field.kind === 'integer';
  const limits = { min: field.minimum ?? field.exclusiveMinimum ?? undefined, max: field.maximum ?? field.exclusiveMaximum ?? undefined };
  const input = h('input', {
    id,
    class: 'input',
    type: numeric ? 'number' : 'text',
    spellcheck: 'false',
    autocomplete: 'off',
    ...(numeric ? { ...limits, step: 'any' } : {}),
  });
  const { later: edit, flush } = debounced(TYPING_PAUSE, onEdit);
  // What a number field can't read it reports as empty: that is a wrong value, not the wish for the default.
  const raw = () => (input.validity.badInput ? 'not a number' : input.value);
  input.addEventListener('input', () => edit(raw()));
  // On leaving the field, and before a click on Start Run.
  input.addEventListener('change', flush);
  input.addEventListener('blur', flush);
  if (numeric) input.addEventListener('keydown', (event) => stepBy(event, input, field, edit));
  // What is turned while a run goes on is turned by hand.
  const slider =
    field.minimum !== null && field.maximum !== null && field.kind === 'number' && field.name === 'lambda'
      ? sliderFor(field, input, edit)
      : null;
  return {
    element: h('div', { class: slider ? 'slider-and-number' : 'control' }, slider, input),
    input,
    show(value, defaultValue, enabled) {
      input.disabled = !enabled;
      input.placeholder = showValue(defaultValue);
      if (document.activeElement !== input) input.value = showValue(value);
      if (slider) {
        slider.disabled = !enabled;
        if (document.activeElement !== slider) slider.value = showValue(value ?? defaultValue);
      }
    },
  };
}

function sliderFor(field: FormField, input: HTMLInputElement, edit: (raw: string) => void): HTMLInputElement {
  // What is turned while a run goes on is turned by hand.
  const slider = h('input', {
    type: 'range',
    min: field.minimum ?? 0,
    max: field.maximum ?? 1,
    step: 0.01,
    'aria-label': `${field.symbol ?? ''} ${field.title}, slider`,
  });
  slider.addEventListener('input', () => {
    input.value = slider.value;
    edit(slider.value);
  });
  input.addEventListener('input', () => {
    if (input.value !== '') slider.value = input.value;
  });
  return slider;
}

/** Arrow keys step by one, or, for fractions, by a unit of the leading digit: 0.01 goes to 0.02, 0.1 to 0.2. */
function stepBy(event: KeyboardEvent, input: HTMLInputElement, field: FormField, edit: (raw: string) => void): void {
  const direction = { ArrowUp: 1, ArrowDown: -1 }[event.key];
  if (direction === undefined) return;
  event.preventDefault();
  const from = Number(input.value === '' ? input.placeholder || '0' : input.value);
  const size = field.kind === 'integer' ? 1 : 10 ** Math.floor(Math.log10(Math.abs(from) || 0.1) + 1e-9);
  const to = Number(
    (from + direction * (direction < 0 && field.kind === 'number' && from <= size * 1.0001 ? size / 10 : size)).toPrecision(10),
  );
  const low = field.minimum ?? (field.exclusiveMinimum === null ? -Infinity : Number.MIN_VALUE);
  input.value = String(Math.min(field.maximum ?? Infinity, Math.max(low, to)));
  edit(input.value);
}

function enumControl(field: FormField, id: string, onEdit: (raw: string) => void): FieldControl {
  const choices = field.options.map((value) => ({ value, label: value }));
  const input = dropdown(`${field.symbol ?? ''} ${field.title}`.trim(), choices, showValue(field.defaultValue), onEdit);
  assign(input, { id });
  return {
    element: h('div', { class: 'control' }, input),
    input,
    show(value, defaultValue, enabled) {
      input.disabled = !enabled;
      const wanted = showValue(value ?? defaultValue);
      // The component takes a value only once it has rendered its options.
      requestAnimationFrame(() => {
        if (input.value !== wanted) input.value = wanted;
      });
    },
  };
}
