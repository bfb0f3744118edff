import type { RunView } from '../../src/protocol/runView';
import { h } from '../ui/h';
import { dropdown, setChoices } from '../ui/toolkit';
import type { RunRef } from './runRef';

/** Which of the runs compared, and which of its phases, a section shows: a dropdown each, where there is a choice. */
export interface RunPicker {
  readonly element: HTMLElement;
  /** The run and phase to show among those offered; phase null where the run has none to offer. */
  pick(
    runs: readonly RunRef[],
    phasesOf: (view: RunView) => readonly number[],
  ): { ref: RunRef; index: number; phase: number | null } | null;
}

const NEWEST = 'newest';

/**
 * @param what the section's name, spoken with the dropdowns
 * @param first which run is shown until somebody chooses another
 */
export function runPicker(what: string, onChange: () => void, first: (refs: readonly RunRef[]) => number = () => 0): RunPicker {
  let run: number | null = null;
  let phase = NEWEST;
  const runs = dropdown(`${what}: run`, [], '0', (value) => {
    run = Number(value);
    onChange();
  });
  const phases = dropdown(`${what}: phase`, [], NEWEST, (value) => {
    phase = value;
    onChange();
  });
  const runHolder = h('span', { class: 'control-pair' }, h('span', { class: 'quiet' }, 'run'), runs);
  const phaseHolder = h('span', { class: 'control-pair' }, h('span', { class: 'quiet' }, 'after'), phases);
  return {
    element: h('span', { class: 'control-pair' }, runHolder, phaseHolder),
    pick(refs, phasesOf) {
      const index = Math.min(run ?? Math.max(0, first(refs)), refs.length - 1);
      const ref = refs[index];
      runHolder.hidden = refs.length < 2;
      if (!ref) return null;
      setChoices(
        runs,
        refs.map(({ title }, i) => ({ value: String(i), label: title })),
        String(index),
      );
      const offered = phasesOf(ref.view);
      phaseHolder.hidden = offered.length < 2;
      const newest = offered.at(-1) ?? null;
      const chosen = offered.find((p) => String(p) === phase) ?? null;
      setChoices(
        phases,
        [
          { value: NEWEST, label: `newest (phase ${newest ?? ''})` },
          ...offered.toReversed().map((p) => ({ value: String(p), label: `phase ${p}` })),
        ],
        chosen === null ? NEWEST : String(chosen),
      );
      return { ref, index, phase: chosen ?? newest };
    },
  };
}
