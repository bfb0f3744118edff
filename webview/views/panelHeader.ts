import { PRESET_WORDS, PRESETS, type Preset } from '../../src/protocol/presets';
import type { ToPanel } from '../../src/protocol/webviewMessages';
import { plural } from '../model/format';
import { fill, h, setText } from '../ui/h';
import { button, dropdown, setChoices } from '../ui/toolkit';

type Snapshot = Extract<ToPanel, { type: 'snapshot' }>;

export interface PanelHeaderActions {
  start(): void;
  openFile(): void;
  chooseFile(path: string): void;
  applyPreset(preset: Preset): void;
}

/** Which experiment is shown, and whether it can be started. */
export function panelHeader(actions: PanelHeaderActions): { element: HTMLElement; show(snapshot: Snapshot): void } {
  const chooser = dropdown('Experiment file', [], '', actions.chooseFile);
  const name = h('span', { class: 'file-name' });
  const presets = dropdown('Start from a preset', PRESET_CHOICES, '', (chosen) => {
    const preset = PRESETS.find((known) => known === chosen);
    if (preset) actions.applyPreset(preset);
    // It is a thing to do, not a state: the file may be changed the moment after.
    setChoices(presets, PRESET_CHOICES, '');
  });
  const start = button('Start Run', actions.start, { icon: 'play', appearance: 'primary' });
  const open = button('Open File', actions.openFile, { icon: 'file' });
  const reason = h('p', { class: 'reason', id: 'start-reason' });
  start.setAttribute('aria-describedby', reason.id);
  return {
    element: h(
      'header',
      { class: 'panel-header' },
      h('div', { class: 'file-row' }, chooser, name),
      h('div', { class: 'toolbar', role: 'group', 'aria-label': 'Experiment' }, start, open),
      h('div', { class: 'file-row' }, presets),
      reason,
    ),
    show({ file, files, problems, trusted, running }) {
      chooser.hidden = files.length < 2;
      name.hidden = files.length >= 2;
      setText(name, file?.name ?? '');
      name.title = file?.path ?? '';
      setChoices(
        chooser,
        files.map((f) => ({ value: f.path, label: f.name })),
        file?.path ?? '',
      );
      const why = whyNot(problems.length, trusted);
      start.disabled = why !== null;
      fill(reason, why ?? (running ? `A run of “${running.name}” is in progress in this window.` : null));
      reason.classList.toggle('refusal', why !== null);
    },
  };
}

const PRESET_CHOICES = [
  { value: '', label: 'Start from a preset …' },
  ...PRESETS.map((preset) => ({ value: preset, label: `${preset}: ${PRESET_WORDS[preset]}` })),
];

function whyNot(problems: number, trusted: boolean): string | null {
  if (!trusted) return 'Training needs a trusted workspace: trust this folder first.';
  return problems > 0 ? `${plural(problems, 'value')} ${problems === 1 ? 'needs' : 'need'} correcting first.` : null;
}
