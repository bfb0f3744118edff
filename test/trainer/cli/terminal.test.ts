import assert from 'node:assert/strict';
import type { EventBody, RunEvent } from '../../../src/protocol/events';
import { foldEvents } from '../../../src/protocol/foldEvents';
import type { RunView } from '../../../src/protocol/runView';
import { resultLine } from '../../../src/trainer/commands/resultLine';
import { comparisonTable } from '../../../src/trainer/terminal/comparisonTable';
import { duration, percent, significant } from '../../../src/trainer/terminal/numbers';
import { progressLine } from '../../../src/trainer/terminal/progressLine';
import { resultTable } from '../../../src/trainer/terminal/resultTable';
import { RunReporter } from '../../../src/trainer/terminal/runReporter';
import { alignColumns } from '../../../src/trainer/terminal/table';
import { both, runStarted } from '../../store/support/sampleRun';

type Placed = [body: EventBody, phase: number, stage?: RunEvent['stage'], step?: number];
const stored = (meanChange: number): EventBody => ({ kind: 'exemplars-stored', file: 'x', changes: [], meanChange });
const evaluated = (metrics: ReturnType<typeof both>): EventBody => ({ kind: 'evaluated', file: 'x', metrics });
const moving: EventBody = { kind: 'progress', loss: 0.4321, imagesPerSecond: 1234.4, secondsLeft: 185, fractionDone: 0.42 };

const COURSE: Placed[] = [
  [runStarted(), 0],
  [{ kind: 'phase-started' }, 0],
  [{ kind: 'stage-started', steps: 4 }, 0, 'train'],
  [{ kind: 'stage-ended', seconds: 61.2 }, 0, 'train', 4],
  [stored(0.03123), 0],
  [evaluated(both({ accuracy: 0.912, averageAccuracy: 0.912 }, { accuracy: 0.9, averageAccuracy: 0.9 })), 0],
  [{ kind: 'stage-started', steps: 4 }, 1, 'distil'],
  [moving, 1, 'distil', 2],
];
const END: Placed[] = [
  [{ kind: 'stage-ended', seconds: 3 }, 1, 'distil', 4],
  [stored(0.00002), 1],
  [
    evaluated(
      both(
        { accuracy: 0.7, averageAccuracy: 0.806, paperForgetting: 0.305, standardForgetting: 0.4 },
        { accuracy: 0.8, averageAccuracy: 0.85, paperForgetting: -0.0002, standardForgetting: 0.1 },
      ),
    ),
    1,
  ],
  [{ kind: 'run-ended', outcome: 'completed', error: null }, 1],
];
const events = (placed: readonly Placed[]): RunEvent[] =>
  placed.map(([body, phase, stage = null, step = 0], seq) => ({ schemaVersion: 1, seq, time: 1000 * seq, phase, stage, step, ...body }));
const viewOf = (placed: readonly Placed[]): RunView => {
  const view = foldEvents(events(placed));
  assert.ok(view);
  return view;
};
const PLACES = { runDir: 'runs/sample', report: 'runs/sample/report.html' };

describe('The table of a run', () => {
  it('has both accuracies, both forgettings by both classifiers, and what moved', () => {
    assert.equal(
      resultTable(viewOf([...COURSE, ...END]), PLACES, 120),
      `       classes  accuracy      accuracy  paper F       paper F  standard F    standard F      exemplars
phase     seen   softmax  nearest mean  softmax  nearest mean     softmax  nearest mean       moved by
    0        2      91.2          90.0        –             –           –             –         0.0312
    1        4      70.0          80.0     30.5           0.0        40.0          10.0  nothing moved

Average accuracy Ā  softmax 80.6 %, nearest mean 85.0 % (headline of icarl)
Engine              cpu (CPU)
Time                1 min 4 s
Run folder          runs/sample
Report              runs/sample/report.html
`,
    );
  });

  it('has forgetting by the headline classifier alone on a narrow terminal', () => {
    const [groups, heads, first] = resultTable(viewOf(COURSE), PLACES, 80).split('\n');
    assert.deepEqual(
      [groups, heads, first],
      [
        '       classes  accuracy      accuracy       paper F    standard F  exemplars',
        'phase     seen   softmax  nearest mean  nearest mean  nearest mean   moved by',
        '    0        2      91.2          90.0             –             –     0.0312',
      ],
    );
  });

  it('does not speak of movement where nothing is learned', () => {
    const chosen: Placed[] = [[runStarted({ exemplarMethod: 'herding' }), 0], ...COURSE.slice(1), ...END];
    assert.match(resultTable(viewOf(chosen), PLACES, 120), /^ +1 .* 10\.0 +–$/m);
  });

  it('says below it what learning the exemplars was worth, by the width there is', () => {
    const learned: EventBody = {
      kind: 'exemplars-learned',
      losses: { new: { chosen: 1.25, now: 1.1 }, old: { chosen: 0.9, stored: 0.812345, now: null } },
      nearestMean: [
        { age: 0, chosen: 0.4, stored: 0.5, now: 0.5 },
        { age: 1, chosen: 0.7, stored: 0.75, now: 0.725 },
        { age: 2, chosen: 0.5, stored: 0.55, now: 0.575 },
      ],
      moved: { new: 0.0321, old: 0.00001 },
    };
    const view = viewOf([...COURSE, [learned, 1], ...END]);
    const wide = `Learned exemplars: test loss of a model trained on them
          new      new     old     old       old  NME old  NME old  NME old   moved    moved
phase  chosen  learned  chosen  stored   adapted   chosen   stored  adapted     new      old
    1    1.25      1.1     0.9   0.812  diverged     60.0     65.0     65.0  0.0321  nothing
`;
    const narrow = `Learned exemplars: test loss of a model trained on them
          new      new     old     old       old   moved    moved
phase  chosen  learned  chosen  stored   adapted     new      old
    1    1.25      1.1     0.9   0.812  diverged  0.0321  nothing
`;
    assert.ok(resultTable(view, PLACES, 120).includes(wide));
    assert.ok(resultTable(view, PLACES, 80).includes(narrow));
  });

  it('says that no phase was evaluated', () => {
    assert.match(
      resultTable(viewOf(COURSE.slice(0, 4)), { ...PLACES, report: null }, 80),
      /^No phase was evaluated\.\n\nEngine +cpu \(CPU\)\n(?!.*Report)/s,
    );
  });
});

describe('The JSON line of a run', () => {
  it("has the headline classifier's figures, and both classifiers by name", () => {
    const line = resultLine(viewOf([...COURSE, ...END]), '/r', null);
    assert.deepEqual(
      [line.averageAccuracy, line.forgetting, line.standardForgetting, line.accuracies, line.headline, line.outcome],
      [0.85, -0.0002, 0.1, [0.9, 0.8], 'nearestMean', 'completed'],
    );
    assert.deepEqual(line.softmax, { averageAccuracy: 0.806, paperForgetting: 0.305, standardForgetting: 0.4, accuracies: [0.912, 0.7] });
  });
  it('has null where nothing was evaluated', () => {
    const line = resultLine(viewOf(COURSE.slice(0, 3)), '/r', null);
    assert.deepEqual([line.averageAccuracy, line.forgetting, line.accuracies, line.outcome], [null, null, [], 'running']);
  });
});

describe('The comparison of runs', () => {
  it('has one line for each, by its own headline classifier', () => {
    const view = viewOf([...COURSE, ...END]);
    const unfinished = viewOf([[runStarted({ exemplarMethod: 'random' }), 0]]);
    assert.equal(
      comparisonTable([
        { title: 'a', view },
        { title: 'longer', view: unfinished },
      ]),
      `run     exemplars  host   seed  headline      phase  average Ā  last A  paper F  standard F       time
a       mnemonics  icarl     1  nearest mean    1/1       85.0    80.0      0.0        10.0  1 min 4 s
longer  random     icarl     1  nearest mean    –/1          –       –        –           –      0.0 s
`,
    );
  });

  it('has the mean over runs that differ in their seed alone', () => {
    const seeded = (seed: number, accuracy: number) => {
      const metrics = both({}, { accuracy, averageAccuracy: accuracy, paperForgetting: 0.1, standardForgetting: 0.2 });
      const end: Placed = [{ kind: 'run-ended', outcome: 'completed', error: null }, 1];
      return viewOf([[runStarted({ seed }), 0], ...COURSE.slice(1), [evaluated(metrics), 1], end]);
    };
    const table = comparisonTable([0.8, 0.82, 0.84].map((accuracy, i) => ({ title: `s${i}`, view: seeded(i, accuracy) })));
    assert.match(
      table,
      /^mean ± std +mnemonics +icarl +3 seeds +nearest mean +1\/1 +82\.0 ± 2\.0 +82\.0 ± 2\.0 +10\.0 ± 0\.0 +20\.0 ± 0\.0$/m,
    );
  });
});

describe('The progress line', () => {
  const view = viewOf(COURSE);
  const WIDTHS: [width: number, line: string][] = [
    [100, '██████████░░░░░░░░░░░░░░  42 %  phase 1/1  distil  1234 images/s  loss 0.432  3 min 5 s left'],
    [80, '█████░░░░░░░  42 %  phase 1/1  distil  1234 images/s  loss 0.432  3 min 5 s left'],
    [70, '█████░░░░░░░  42 %  phase 1/1  distil  loss 0.432  3 min 5 s left'],
    [40, ' 42 %  phase 1/1  distil  3 min 5 s left'],
    [30, ' 42 %  phase 1/1  distil'],
    [8, '42 %'],
  ];
  for (const [width, line] of WIDTHS) it(`fits ${width} columns`, () => assert.equal(progressLine(view, width), line));
  it('never exceeds its width', () => {
    for (let width = 3; width < 120; width++) assert.ok([...progressLine(view, width)].length <= width);
  });
  it('says that a run is paused', () =>
    assert.match(progressLine(viewOf([...COURSE, [{ kind: 'paused' }, 1, 'distil', 2]]), 80), /phase 1\/1 {2}paused/));
});

describe('The reporter of a run', () => {
  const report = (isTTY: boolean, placed: readonly Placed[], tick = 1000) => {
    let text = '';
    let now = 0;
    const reporter = new RunReporter({ write: (chunk) => (text += chunk), isTTY, columns: 81 }, null, () => (now += tick));
    for (const event of events(placed)) reporter.onEvent(event);
    return text;
  };

  it('prints plain lines where there is no terminal', () => {
    assert.equal(
      report(false, [...COURSE, ...END]),
      `Training sample: icarl with mnemonics exemplars, resnet8 on mnist, engine cpu
phase 0/1 train: 1 min 1 s, 0 % done
phase 0/1 accuracy: softmax 91.2 %, nearest mean 90.0 %
phase 1/1 distil: 3.0 s, loss 0.432, 42 % done, 3 min 5 s left
phase 1/1 accuracy: softmax 70.0 %, nearest mean 80.0 %
`,
    );
  });

  it('names a gradient that is not the exact one', () => {
    const config = { hypergradientMode: 'first-order', innerBatchNorm: 'batch' } as const;
    assert.match(
      report(false, [[runStarted(config), 0]]),
      /icarl with mnemonics \(first-order gradient, inner batch statistics\) exemplars, resnet8/,
    );
  });

  it('redraws one line on a terminal and takes it away at the end', () => {
    const text = report(true, [...COURSE, ...END]);
    assert.equal(text.split('\n').length - 1, 3, 'only what stays ends its line');
    assert.ok(text.includes('\r\x1b[K█████░░░░░░░  42 %  phase 1/1  distil  1234 images/s  loss 0.432  3 min 5 s left'));
    assert.ok(text.endsWith('\r\x1b[K'));
  });

  it('redraws at most ten times a second', () => {
    const many: Placed[] = [...COURSE, ...Array.from({ length: 100 }, (_, i): Placed => [{ ...moving, loss: i }, 1, 'distil', 3])];
    const draws = report(true, many, 10).split('\r\x1b[K').length;
    assert.ok(draws <= 14, `${draws} draws in about a second`);
  });

  it('shows warnings and changed settings', () => {
    const text = report(false, [
      ...COURSE,
      [{ kind: 'warning', message: 'look' }, 1],
      [{ kind: 'setting-changed', field: 'lambda', value: 0.7, previous: 0.5 }, 1],
    ]);
    assert.match(text, /Warning: look\nlambda: 0\.5 → 0\.7\n$/);
  });
});

describe('Numbers for people', () => {
  it('are per cent with one decimal, never minus zero', () => {
    assert.deepEqual([0.12345, 1, -0.0002, -0.05, null, undefined].map(percent), ['12.3', '100.0', '0.0', '-5.0', '–', '–']);
  });
  it('are durations as exact as is useful', () => {
    assert.deepEqual([0, 9.94, 10, 59.6, 61, 3599.7, 7500].map(duration), [
      '0.0 s',
      '9.9 s',
      '10 s',
      '1 min 0 s',
      '1 min 1 s',
      '1 h 0 min',
      '2 h 5 min',
    ]);
  });
  it('have three digits', () => assert.deepEqual([0.031234, 12345, 0, 1.234e-7].map(significant), ['0.0312', '12300', '0', '1.23e-7']));
  it('align in columns without spaces at the end', () =>
    assert.deepEqual(
      alignColumns(
        [
          ['a', '1'],
          ['bbb', '22'],
          ['c', ''],
        ],
        'lr',
      ),
      ['a     1', 'bbb  22', 'c'],
    ));
});
