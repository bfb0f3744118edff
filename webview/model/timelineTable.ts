import { duration, number } from './format';
import { STAGE_WORDS } from './stageWords';
import type { Table } from './table';
import type { Timeline } from './timeline';

/** The timeline's table twin: a row per stage. */
export function timelineTable({ rows }: Timeline): Table {
  return {
    caption: 'Stages of every phase. Estimated times are those of stages which have not ended.',
    columns: [
      { title: 'Phase' },
      { title: 'Classes' },
      { title: 'Stage' },
      { title: 'State' },
      { title: 'Steps done' },
      { title: 'Steps' },
      { title: 'Seconds', format: duration },
      { title: 'Estimated' },
      { title: 'Last loss', format: number },
      { title: 'Events' },
    ],
    rows: rows.flatMap((row) =>
      row.segments.map((s) => [
        row.phase,
        row.classes.map((c) => c.name).join(', '),
        STAGE_WORDS[s.stage].label,
        s.state,
        s.step,
        s.steps,
        s.seconds,
        s.estimated ? 'yes' : 'no',
        s.losses.at(-1)?.loss ?? null,
        s.marks.map((m) => m.text).join('; ') || null,
      ]),
    ),
  };
}
