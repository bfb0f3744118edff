import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunEvent } from '../../src/protocol/events';
import { phaseFile } from '../../src/protocol/runLayout';
import { readReportConfusions } from '../../src/store/reportConfusions';
import { both } from './support/sampleRun';
import { temporaryFolders } from './support/temporaryFolder';

const folder = temporaryFolders();
const evaluated = (phase: number): RunEvent => ({
  schemaVersion: 1,
  seq: phase,
  time: 0,
  phase,
  stage: null,
  step: 0,
  kind: 'evaluated',
  file: phaseFile(phase, 'evaluation'),
  metrics: both({}, {}),
});

function store(dir: string, phase: number, size: number): number[][] {
  const matrix = Array.from({ length: size }, (_, i) => Array.from({ length: size }, (_, j) => (i === j ? 9 : phase)));
  mkdirSync(join(dir, `phase-0${phase}`), { recursive: true });
  const classes = Array.from({ length: size }, (_, index) => ({ index, label: index, name: String(index) }));
  const file = {
    schemaVersion: 1,
    phase,
    classes,
    testImages: 1,
    metrics: both({}, {}),
    confusion: { softmax: matrix, nearestMean: matrix },
  };
  writeFileSync(join(dir, phaseFile(phase, 'evaluation')), JSON.stringify(file));
  return matrix;
}

describe('The confusion matrices of a report', () => {
  it('are those of all phases evaluated, oldest first, also of runs without a measurement of learning', async () => {
    const dir = join(folder(), 'run');
    const matrices = [store(dir, 0, 2), store(dir, 1, 4)];
    assert.deepEqual(await readReportConfusions(dir, [evaluated(0), evaluated(1)], 1), {
      confusions: matrices.map((matrix, phase) => ({ phase, softmax: matrix, nearestMean: matrix })),
      problems: [],
    });
  });

  it("leave out a file that is missing, damaged or, by its figures, another run's, and say so", async () => {
    const dir = join(folder(), 'damaged');
    for (const phase of [0, 1, 2]) store(dir, phase, 2);
    writeFileSync(join(dir, phaseFile(1, 'evaluation')), '{');
    const log = [evaluated(0), evaluated(1), { ...evaluated(2), metrics: both({ accuracy: 0.25 }, {}) } as RunEvent, evaluated(3)];
    const { confusions, problems } = await readReportConfusions(dir, log, 1);
    assert.deepEqual(
      confusions.map(({ phase }) => phase),
      [0],
    );
    assert.match(problems[0] ?? '', /phase-03\/evaluation\.json can't be read: it isn't there/);
    assert.match(problems[1] ?? '', /phase-02\/evaluation\.json is not of this run: its figures are not those of events\.jsonl/);
    assert.match(problems[2] ?? '', /phase-01\/evaluation\.json can't be used/);
  });

  it('are those of the last phases where all are too many, and at least one', async () => {
    const dir = join(folder(), 'large');
    for (const phase of [0, 1, 2]) store(dir, phase, 40);
    const events = [0, 1, 2].map(evaluated);
    const phases = async (runs: number) => (await readReportConfusions(dir, events, runs)).confusions.map(({ phase }) => phase);
    assert.deepEqual(await phases(1), [0, 1, 2]);
    assert.deepEqual(await phases(150), [1, 2]);
    assert.deepEqual(await phases(10_000), [2]);
  });
});
