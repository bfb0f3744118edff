// First, because schemas look at it when they are made.
import '../src/protocol/withoutEval';
import './panel.css';
import { LIVE_FIELDS, type LiveField } from '../src/protocol/config';
import { whyIdle } from '../src/protocol/liveChange';
import { toPanelSchema, type FromPanel, type ToPanel } from '../src/protocol/webviewMessages';
import { whyUnused } from '../src/protocol/config/fieldUse';
import { formFields } from './model/formFields';
import { matches, readValue } from './model/formValues';
import { banner } from './ui/banner';
import { h } from './ui/h';
import { connect } from './ui/host';
import { intents } from './ui/intents';
import { emptyState } from './ui/section';
import { button, textField } from './ui/toolkit';
import { formField, type FieldView } from './views/formField';
import { panelHeader } from './views/panelHeader';
import { icon } from './ui/icons';
import { assign } from './ui/h';

interface State {
  open: Record<string, boolean>;
}
type Snapshot = Extract<ToPanel, { type: 'snapshot' }>;

const host = connect<ToPanel, FromPanel, State>(toPanelSchema, receive);
const asked = intents((intent) => host.send({ type: 'intent', intent }));
const header = panelHeader({
  start: () => host.send({ type: 'start' }),
  openFile: () => host.send({ type: 'open-file' }),
  applyPreset: (preset) => host.send({ type: 'apply-preset', preset }),
  chooseFile: (path) => host.send({ type: 'choose-file', path }),
});
const unknown = banner();
const search = textField('Filter fields', 'Filter: λ, eq. 9, epochs …', () => filter(), assign(icon('search'), { slot: 'start' }));
const groupsHolder = h('div', { class: 'groups' });
const nothing = h('p', { class: 'empty' }, 'No field matches the filter.');
const form = h('main', { class: 'panel' }, header.element, unknown.element, search, groupsHolder, nothing);
const empty = emptyState(
  'No experiment file in this workspace yet. An experiment is a *.mnemonics.json file; its fields are edited here.',
  button('Create the demo', () => host.send({ type: 'create-demo' }), { icon: 'file', appearance: 'primary' }),
);
document.getElementById('app')?.replaceChildren(form, empty);
form.hidden = empty.hidden = true;

let groups: {
  details: HTMLDetailsElement;
  fields: { field: ReturnType<typeof formFields>[number]['fields'][number]; view: FieldView }[];
}[] = [];
let builtFor = '';
/** Fields that are not shown at all. */
const away = new Set<string>();
host.send({ type: 'ready' });

function receive(message: ToPanel): void {
  switch (message.type) {
    case 'snapshot':
      show(message);
      break;
    case 'reply':
      asked.answer(message.id, message.error);
      break;
    default:
      unknownMessage(message);
  }
}

function show(snapshot: Snapshot): void {
  empty.hidden = snapshot.file !== null;
  form.hidden = snapshot.file === null;
  if (snapshot.file === null) return;
  const key = JSON.stringify(snapshot.schema);
  if (key !== builtFor) {
    builtFor = key;
    build(snapshot.schema);
  }
  header.show(snapshot);
  const { values } = snapshot.file;
  const all = groups.flatMap((g) => g.fields);
  const names = new Set(all.map(({ field }) => field.name));
  const valueOf = (name: string) => values[name] ?? all.find(({ field }) => field.name === name)?.field.defaultValue;
  const titleOf = (name: string) => all.find(({ field }) => field.name === name)?.field.title ?? name;
  away.clear();
  for (const { field, view } of all) {
    const unused = whyUnused(field, valueOf, titleOf);
    // Another host's own fields are none of this experiment's, unless the file sets them.
    if (unused !== null && field.group === 'Host' && values[field.name] === undefined) away.add(field.name);
    const live = LIVE_FIELDS.find((name) => name === field.name);
    view.show({
      value: values[field.name],
      problems: snapshot.problems.filter((p) => p.field.split('.')[0] === field.name).map((p) => p.message),
      // Where the running run makes nothing of the field, there is nothing to apply.
      running: live && snapshot.running && whyIdle(live, snapshot.running) === null ? snapshot.running[live] : undefined,
      enabled: true,
      unused,
    });
  }
  const strange = snapshot.problems.filter((p) => !names.has(p.field.split('.')[0] ?? ''));
  if (strange.length > 0) unknown.show('error', strange.map((p) => `${p.field ? `“${p.field}” ` : ''}${p.message}.`).join(' '));
  else unknown.hide();
  filter();
}

function build(schema: Snapshot['schema']): void {
  groups = formFields(schema).map(({ group, fields }, i) => {
    const views = fields.map((field) => ({
      field,
      view: formField(field, {
        edit: (raw) => host.send({ type: 'edit', field: field.name, value: readValue(field, raw) }),
        apply: (value) => apply(field.name, value),
      }),
    }));
    const details = h('details', { class: 'group' }, h('summary', {}, icon('chevron'), group), ...views.map((v) => v.view.element));
    details.open = host.state.open?.[group] ?? i === 0;
    details.addEventListener('toggle', () => {
      if (search.value === '') host.keep({ open: { ...host.state.open, [group]: details.open } });
    });
    return { details, fields: views };
  });
  groupsHolder.replaceChildren(...groups.map((g) => g.details));
}

async function apply(name: string, value: number): Promise<string | null> {
  const field: LiveField | undefined = LIVE_FIELDS.find((live) => live === name);
  if (field === undefined) return `${name} can't change in a running run.`;
  return (await asked.ask({ intent: 'set', field, value }))?.message ?? null;
}

/** A filter opens the groups that hold a match; without one, groups are as they were left. */
function filter(): void {
  const words = search.value.trim();
  let any = false;
  groups.forEach(({ details, fields }, i) => {
    let found = false;
    for (const { field, view } of fields) {
      view.element.hidden = away.has(field.name) || (words !== '' && !matches(field, words));
      found ||= !view.element.hidden;
    }
    details.hidden = !found;
    any ||= found;
    const name = details.querySelector('summary')?.textContent ?? '';
    details.open = words === '' ? (host.state.open?.[name] ?? i === 0) : found;
  });
  nothing.hidden = any;
}

function unknownMessage(message: never): never {
  throw new Error(`Unhandled message ${JSON.stringify(message)}`);
}
