import { h } from '../ui/h';

/** Size of the thumbnails. */
export function sizeSlider(value: number, onChange: (size: number) => void): HTMLElement {
  const input = h('input', { type: 'range', min: 24, max: 128, step: 4, 'aria-label': 'Size of the images' });
  input.value = String(value);
  input.addEventListener('input', () => onChange(Number(input.value)));
  return h('label', { class: 'size-slider quiet' }, 'size', input);
}
