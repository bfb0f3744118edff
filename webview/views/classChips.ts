import { fill, h } from '../ui/h';

/** Which class's exemplars are shown: all, or one. */
export function classChips(onChange: (classIndex: number | null) => void): {
  element: HTMLElement;
  show(classes: readonly { classIndex: number; name: string }[], chosen: number | null): void;
} {
  const element = h('div', { class: 'chips', role: 'group', 'aria-label': 'Class' });
  let shown = '';
  return {
    element,
    show(classes, chosen) {
      const key = JSON.stringify([classes, chosen]);
      if (key === shown) return;
      shown = key;
      const hadFocus = element.contains(document.activeElement);
      const chip = (label: string, classIndex: number | null) =>
        h(
          'button',
          { type: 'button', class: 'chip', 'aria-pressed': String(classIndex === chosen), on: { click: () => onChange(classIndex) } },
          label,
        );
      fill(
        element,
        h('span', { class: 'quiet control-label' }, 'class'),
        chip('all', null),
        ...classes.map((c) => chip(c.name, c.classIndex)),
      );
      if (hadFocus) element.querySelector<HTMLElement>('[aria-pressed="true"]')?.focus();
    },
  };
}
