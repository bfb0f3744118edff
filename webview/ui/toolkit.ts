import './cspNonce';
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeTextField,
  type Button,
  type Checkbox,
  type Dropdown,
  type TextField,
} from '@vscode/webview-ui-toolkit';
import { assign, fill, h, type Child } from './h';
import { icon, type IconName } from './icons';

/** The one place that knows the (archived) toolkit: a successor is swapped in here. */
provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeTextField(), vsCodeDropdown(), vsCodeOption(), vsCodeCheckbox());

export interface ButtonOptions {
  readonly icon?: IconName;
  readonly appearance?: 'primary' | 'secondary' | 'icon';
  /** Spoken and shown on hover where the label alone doesn't say it. */
  readonly title?: string;
}

/** A button; with the appearance `icon` its label is spoken and shown on hover only. */
export function button(label: string, onClick: () => void, options: ButtonOptions = {}): Button {
  const { appearance = 'secondary' } = options;
  const element = assign(document.createElement('vscode-button') as Button, {
    appearance,
    title: options.title ?? (appearance === 'icon' ? label : undefined),
    on: { click: onClick },
  });
  if (appearance === 'icon') assign(element, { 'aria-label': label }, options.icon && icon(options.icon));
  else element.append(...(options.icon ? [assign(icon(options.icon), { slot: 'start' })] : []), label);
  return element;
}

/** A check box with its label. */
export function checkbox(label: string, checked: boolean, onChange: (checked: boolean) => void): Checkbox {
  const element = assign(document.createElement('vscode-checkbox') as Checkbox, {}, label);
  element.checked = checked;
  element.addEventListener('change', () => onChange(element.checked));
  return element;
}

export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** A dropdown of words. `label` is spoken; show it beside the dropdown where the choice doesn't explain itself. */
export function dropdown(label: string, choices: readonly Choice[], value: string, onChange: (value: string) => void): Dropdown {
  const element = assign(document.createElement('vscode-dropdown') as Dropdown, { 'aria-label': label });
  setChoices(element, choices, value);
  element.addEventListener('change', () => onChange(element.value));
  return element;
}

/** Replaces a dropdown's choices where they differ and selects one. */
export function setChoices(element: Dropdown, choices: readonly Choice[], value: string): void {
  const key = JSON.stringify(choices);
  if (element.dataset['choices'] !== key) {
    element.dataset['choices'] = key;
    fill(
      element,
      ...choices.map((choice) =>
        assign(document.createElement('vscode-option'), { value: choice.value, selected: choice.value === value }, choice.label),
      ),
    );
  }
  // The component knows its options only after it has rendered.
  queueMicrotask(() => requestAnimationFrame(() => (element.value = value)));
}

/** A one-line text field that reports every keystroke. `label` is spoken only: as content, since the component overwrites an aria-label with it. */
export function textField(label: string, placeholder: string, onInput: (text: string) => void, ...slotted: readonly Child[]): TextField {
  const element = assign(document.createElement('vscode-text-field') as TextField, { placeholder }, ...slotted, label);
  element.addEventListener('input', () => onInput(element.value));
  return element;
}

/** A row of controls that belong together. */
export const toolbar = (label: string, ...children: readonly Child[]): HTMLElement =>
  h('div', { class: 'toolbar', role: 'group', 'aria-label': label }, ...children);

export type { Button, Checkbox, Dropdown, TextField };
