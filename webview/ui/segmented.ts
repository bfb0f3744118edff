import { h, setAttribute } from './h';
import type { Choice } from './toolkit';

/** One of a few choices, all in sight. */
export interface Segmented {
  readonly element: HTMLElement;
  select(value: string): void;
}

export function segmented(label: string, choices: readonly Choice[], value: string, onChange: (value: string) => void): Segmented {
  const buttons = choices.map((choice) =>
    h(
      'button',
      {
        type: 'button',
        class: 'segmented-button',
        'data-value': choice.value,
        on: { click: () => (select(choice.value), onChange(choice.value)) },
      },
      choice.label,
    ),
  );
  const select = (chosen: string) => {
    for (const button of buttons) setAttribute(button, 'aria-pressed', String(button.dataset['value'] === chosen));
  };
  select(value);
  return { element: h('div', { class: 'segmented', role: 'group', 'aria-label': label }, ...buttons), select };
}
