import assert from 'node:assert/strict';
import { differencesText, engineDifferences } from '../../src/protocol/engineDifferences';
import type { EngineInfo } from '../../src/protocol/engineInfo';
import type { RunEvent } from '../../src/protocol/events';
import { foldEvents } from '../../src/protocol/foldEvents';
import { runStarted } from '../store/support/sampleRun';

const NATIVE: EngineInfo = {
  engine: 'native',
  reason: 'the fastest',
  device: 'CPU',
  threads: 2,
  versions: { tensorflow: '2.21.0', tfjs: '4.22.0' },
  settings: { oneDNN: 'on' },
};
const text = (before: EngineInfo, now: EngineInfo) => differencesText(engineDifferences(before, now));

describe('Two engines', () => {
  it('are the same whatever the reason for choosing them was', () => assert.equal(text(NATIVE, { ...NATIVE, reason: 'asked for' }), ''));

  it('differ in threads, device, versions and settings, each named', () => {
    const other = { ...NATIVE, threads: 1, device: 'GPU', versions: { tensorflow: '2.15.0', tfjs: '4.22.0' }, settings: { oneDNN: 'off' } };
    assert.equal(text(NATIVE, other), 'device CPU → GPU, threads 2 → 1, tensorflow 2.21.0 → 2.15.0, oneDNN on → off');
  });

  it('differ in a version that only one of them has', () => {
    assert.equal(text(NATIVE, { ...NATIVE, versions: { tensorflow: '2.21.0' } }), 'tfjs 4.22.0 → none');
  });

  it('are not compared by settings that an earlier version did not note', () => {
    const { settings: _, ...earlier } = NATIVE;
    assert.equal(text(earlier, NATIVE), '');
  });

  it('differ in the convolutions, which were TensorFlow’s where a run that says its settings does not say so', () => {
    const by = (convolutions: string) => ({ ...NATIVE, settings: { ...NATIVE.settings, convolutions } });
    assert.equal(text(NATIVE, by("TensorFlow's")), '');
    assert.equal(text(NATIVE, by('Winograd, AVX2')), "convolutions TensorFlow's → Winograd, AVX2");
  });

  it('differ in the learning code, which was the first one where a run does not say so', () => {
    const by = (code: string) => ({ ...NATIVE, versions: { ...NATIVE.versions, 'learning code': code } });
    assert.equal(text(NATIVE, by('1')), '');
    assert.equal(text(NATIVE, by('2')), 'learning code 1 → 2');
  });

  it('of different kinds are not compared by versions, of which each has its own', () => {
    assert.equal(
      text(NATIVE, { engine: 'wasm', reason: '', device: 'CPU', threads: 2, versions: { tfjs: '4.22.0' } }),
      'engine native → wasm',
    );
  });
});

describe('The fold of a run that goes on with another engine', () => {
  const START = { schemaVersion: 1 as const, time: 0, phase: 0, stage: 'train' as const, step: 0 };
  const continued = (seq: number, engine: EngineInfo): RunEvent => ({ ...START, seq, kind: 'run-continued', engine, pid: 1 });

  it('has it as a mark, and keeps each change', () => {
    const first = { ...START, seq: 0, ...runStarted(), engine: NATIVE } as RunEvent;
    const one = { ...NATIVE, threads: 1 };
    const view = foldEvents([first, continued(1, NATIVE), continued(2, one), continued(3, one), continued(4, NATIVE)]);
    assert.deepEqual(view?.engineChanges, ['threads 2 → 1', 'threads 1 → 2']);
    assert.deepEqual(
      view.marks.map((mark) => [mark.kind, mark.text]),
      [
        ['continued', 'Continued after an interruption'],
        ['continued', 'Continued on another engine: threads 2 → 1'],
        ['continued', 'Continued after an interruption'],
        ['continued', 'Continued on another engine: threads 1 → 2'],
      ],
    );
    assert.deepEqual(view.engine, NATIVE);
  });
});
