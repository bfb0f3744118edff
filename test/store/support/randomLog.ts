import fc from 'fast-check';
import { LIVE_FIELDS } from '../../../src/protocol/config';
import { eventSchema, type EventBody, type RunEvent } from '../../../src/protocol/events';
import { STAGES } from '../../../src/protocol/words';
import { both, ENGINE, PLAN, progress, runStarted, START } from './sampleRun';

/** A plan with several stages in a phase, so that a continuation has something before and behind it. */
export const STAGES_PLANNED = {
  phases: PLAN.phases.map((phase) => ({
    ...phase,
    stages: (['train', 'fine-tune', 'select'] as const).map((stage) => ({ stage, steps: 40, images: 100 })),
  })),
};

const place = fc.record({
  phase: fc.nat(2),
  // Mostly stages of the plan; a stage that it doesn't have, and none, are valid too.
  stage: fc.constantFrom('train', 'train', 'fine-tune', 'fine-tune', 'select', 'distil', null),
  step: fc.nat(40),
});
const number = fc.double({ min: 0, max: 1, noNaN: true });
const report = fc.record({
  kind: fc.constant('progress' as const),
  loss: fc.option(number),
  imagesPerSecond: number,
  secondsLeft: fc.option(number),
  fractionDone: number,
});
const other: fc.Arbitrary<EventBody> = fc.oneof(
  fc.constant<EventBody>({ kind: 'run-continued', engine: ENGINE, pid: 2 }),
  fc.constantFrom<EventBody>({ kind: 'phase-started' }, { kind: 'paused' }, { kind: 'resumed' }),
  fc.record({ kind: fc.constant('stage-started' as const), steps: fc.nat(40) }),
  fc.record({ kind: fc.constant('stage-ended' as const), seconds: number }),
  fc.record({ kind: fc.constant('evaluated' as const), file: fc.constant('phase-00/evaluation.json'), metrics: fc.constant(both({}, {})) }),
  fc.record({ kind: fc.constant('exemplars-stored' as const), file: fc.constant('e'), changes: fc.constant<[]>([]), meanChange: number }),
  fc.record({ kind: fc.constant('phase-ended' as const), seconds: number, checkpoint: fc.constant('c') }),
  fc.record({ kind: fc.constant('setting-changed' as const), field: fc.constantFrom(...LIVE_FIELDS), value: number, previous: number }),
  fc.record({ kind: fc.constant('warning' as const), message: fc.string() }),
  fc.record({ kind: fc.constant('run-ended' as const), outcome: fc.constantFrom('stopped', 'completed'), error: fc.constant(null) }),
);

/** Rows of reports and what stands between them, in any order: more than a run can do, and all of it valid. */
const pieces = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ place, bodies: fc.array(report, { maxLength: 12 }) }) },
    { weight: 2, arbitrary: fc.record({ place, bodies: fc.tuple(other) }) },
  ),
  { maxLength: 40 },
);

/** A random log with continuations, valid by the schema. */
export const randomLog: fc.Arbitrary<RunEvent[]> = pieces.map((rows) => {
  const bodies = [
    { body: { ...runStarted(), plan: STAGES_PLANNED }, at: START },
    ...rows.flatMap(({ place: from, bodies: row }) => row.map((body, i) => ({ body, at: { ...from, step: from.step + i } }))),
  ];
  return bodies.map(({ body, at }, seq) => eventSchema.parse({ schemaVersion: 1, seq, time: 1000 + seq, ...at, ...body }));
});

/** One field of an event, right or wrong in every way that JSON allows. */
const anyValue = fc.oneof(
  fc.constantFrom<unknown>(0, 1, 2, -0, -1, 0.5, 1e-9, 1e308, Infinity, -Infinity, 2 ** 53 - 1, 2 ** 53, 2 ** 53 + 2),
  fc.constantFrom<unknown>(null, undefined, true, false, '', '1', 'progress', 'warning', ...STAGES),
  fc.double(),
  fc.jsonValue(),
);
const FIELD_NAMES = [
  'schemaVersion',
  'seq',
  'time',
  'phase',
  'stage',
  'step',
  'kind',
  'loss',
  'imagesPerSecond',
  'secondsLeft',
  'fractionDone',
];

/** Values that are progress events or nearly so: fields changed, added, left out. */
export const nearlyProgress: fc.Arbitrary<unknown> = fc
  .tuple(
    fc.record({ place, report }),
    fc.array(
      fc.tuple(fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...FIELD_NAMES) }, { weight: 1, arbitrary: fc.string() }), anyValue),
      {
        maxLength: 3,
      },
    ),
    fc.array(fc.constantFrom(...FIELD_NAMES), { maxLength: 1 }),
  )
  .map(([event, changes, removed]) => {
    const value: Record<string, unknown> = { schemaVersion: 1, seq: 3, time: 7, ...event.place, ...progress(1), ...event.report };
    for (const [name, change] of changes) Object.defineProperty(value, name, { value: change, enumerable: true, configurable: true });
    for (const name of removed) delete value[name];
    return value;
  });
