export type Child = Node | string | number | null | undefined | false;
type Listener = (event: Event) => void;

/** Attributes by name (true writes an empty one, false and undefined none), and listeners under `on`. Inline styles are not offered: the CSP forbids them. */
export interface Props {
  readonly [attribute: string]: string | number | boolean | undefined | Readonly<Record<string, Listener>>;
  readonly on?: Readonly<Record<string, Listener>>;
  readonly style?: never;
}

/** Sets attributes and listeners on any element, custom ones included. */
export function assign<E extends Element>(element: E, props: Props, ...children: readonly Child[]): E {
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === false) continue;
    if (typeof value === 'object') for (const [type, listener] of Object.entries(value)) element.addEventListener(type, listener);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...present(children));
  return element;
}

/** An HTML element with its attributes, listeners and children. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  return assign(document.createElement(tag), props, ...children);
}

/** Replaces an element's children where they differ, so that an unchanged one keeps focus and selection. */
export function fill(parent: Element, ...children: readonly Child[]): void {
  const wanted = present(children);
  const same =
    parent.childNodes.length === wanted.length &&
    wanted.every((w, i) => (typeof w === 'string' ? isText(parent.childNodes[i], w) : w === parent.childNodes[i]));
  if (!same) parent.replaceChildren(...wanted);
}

/** Sets an element's text where it differs. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Sets an attribute where it differs; null removes it. */
export function setAttribute(element: Element, name: string, value: string | null): void {
  if (element.getAttribute(name) === value) return;
  if (value === null) element.removeAttribute(name);
  else element.setAttribute(name, value);
}

const present = (children: readonly Child[]): (Node | string)[] =>
  children.flatMap((child) =>
    child === null || child === undefined || child === false ? [] : [typeof child === 'number' ? String(child) : child],
  );

const isText = (node: ChildNode | undefined, text: string): boolean => node instanceof Text && node.data === text;
