import type { ErrorInfo } from '../../src/protocol/errors';
import type { TensorEntry, TensorStatistics } from '../../src/protocol/webviewMessages';
import { bytes, integer, plural } from '../model/format';
import { arrange, totals, type TensorOrder } from '../model/tensors';
import { assign, h, setAttribute, setText } from '../ui/h';
import { section } from '../ui/section';
import { icon } from '../ui/icons';
import { button, textField } from '../ui/toolkit';
import { tensorDetail } from './tensorDetail';
import { sortableHead, tensorRows } from './tensorRows';

export interface TensorsState {
  filter: string;
  order: TensorOrder;
  descending: boolean;
}

export interface TensorTable {
  readonly element: HTMLElement;
  show(tensors: readonly TensorEntry[]): void;
  setStatistics(name: string, statistics: TensorStatistics | null, error: ErrorInfo | null): void;
}

/** Rows shown at once: more are a click away, so that a file of thousands opens at once. */
const PAGE = 300;

/** What a file holds. A row opens its tensor's statistics in place. */
export function tensorTable(
  kept: Partial<TensorsState>,
  keep: (change: Partial<TensorsState>) => void,
  request: (name: string) => void,
): TensorTable {
  const state: TensorsState = { filter: '', order: 'file', descending: false, ...kept };
  const answers = new Map<string, HTMLElement>();
  const open = new Set<string>();
  let tensors: readonly TensorEntry[] = [];
  let limit = PAGE;
  const change = (part: Partial<TensorsState>) => {
    Object.assign(state, part);
    keep(part);
    limit = PAGE;
    draw();
  };
  const search = textField(
    'Filter tensors by name or type',
    'Filter by name or type',
    (filter) => change({ filter }),
    assign(icon('search'), { slot: 'start' }),
  );
  search.value = state.filter;
  const sums = h('p', { class: 'quiet', role: 'status' });
  const sortable = (title: string, order: TensorOrder, className: string) =>
    sortableHead(title, order, className, () => change(nextOrder(state, order)));
  const headers = [
    sortable('Name', 'name', ''),
    h('th', { scope: 'col' }, 'Type'),
    h('th', { scope: 'col' }, 'Shape'),
    sortable('Size', 'size', 'number'),
  ];
  const body = h('tbody');
  const more = button('Show all', () => {
    limit = Infinity;
    draw();
  });
  const none = h('p', { class: 'empty' }, 'No tensor matches the filter.');

  const toggle = (name: string) => {
    if (!open.delete(name)) {
      open.add(name);
      if (!answers.has(name)) request(name);
    }
    draw();
  };
  const detailOf = (name: string): HTMLElement | null =>
    open.has(name) ? (answers.get(name) ?? h('p', { class: 'quiet', role: 'status' }, 'Reading the values …')) : null;
  const draw = () => {
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset['tensor'] : undefined;
    const arranged = arrange(tensors, state.filter, state.order, state.descending);
    const shown = arranged.slice(0, limit);
    const sum = totals(arranged);
    setText(
      sums,
      `${arranged.length < tensors.length ? `${integer(arranged.length)} of ` : ''}${plural(tensors.length, 'tensor')} · ${integer(sum.parameters)} values · ${bytes(sum.bytes)}`,
    );
    for (const th of headers) {
      const order = th.dataset['order'];
      if (order) setAttribute(th, 'aria-sort', order === state.order ? (state.descending ? 'descending' : 'ascending') : 'none');
    }
    body.replaceChildren(...shown.flatMap((tensor) => tensorRows(tensor, detailOf(tensor.name), () => toggle(tensor.name))));
    none.hidden = shown.length > 0;
    more.hidden = shown.length === arranged.length;
    more.textContent = `Show all ${integer(arranged.length)}`;
    if (focused !== undefined) body.querySelector<HTMLElement>(`[data-tensor="${CSS.escape(focused)}"]`)?.focus();
  };
  return {
    element: section(
      'tensors',
      'Tensors',
      [sums, search],
      h(
        'div',
        { class: 'tensor-scroll', tabindex: 0, role: 'region', 'aria-label': 'Tensors' },
        h('table', { class: 'tensors' }, h('thead', {}, h('tr', {}, ...headers)), body),
      ),
      none,
      more,
    ),
    show(next) {
      tensors = next;
      draw();
    },
    setStatistics(name, statistics, error) {
      const refusal = error?.message ?? 'The values could not be read.';
      answers.set(name, statistics ? tensorDetail(statistics) : h('p', { class: 'refusal', role: 'alert' }, refusal));
      draw();
    },
  };
}

/** Ascending, descending, then the file's own order again. */
function nextOrder({ order, descending }: TensorsState, chosen: TensorOrder): Partial<TensorsState> {
  if (order !== chosen) return { order: chosen, descending: chosen === 'size' };
  const turned = chosen === 'size' ? descending : !descending;
  return turned ? { descending: !descending } : { order: 'file', descending: false };
}
