// The tables of REPRODUCIBILITY.md, from the folders of complete runs.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const percent = (fraction) => (100 * fraction).toFixed(1);
const pair = (figures, of) => `${percent(of(figures.softmax))} / ${percent(of(figures.nearestMean))}`;
const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;
const NONE = '–';
/** Columns of the results that have a mean over seeds. */
const AVERAGED = ['Ā', 'last A', 'paper F', 'standard F'];
const STAGES = ['train', 'distil', 'mnemonics-new', 'mnemonics-old', 'fine-tune', 'fit-bias', 'select', 'evaluate'];

/** What a complete run has logged and stored. */
function readRun({ name, dir, command }) {
  const events = readFileSync(path.join(dir, 'events.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text));
  const of = (kind) => events.filter((event) => event.kind === kind);
  const seconds = {};
  for (const { stage, seconds: took } of of('stage-ended')) seconds[stage] = (seconds[stage] ?? 0) + took;
  const weights = readFileSync(path.join(dir, of('phase-ended').at(-1).checkpoint));
  return {
    name,
    command: `TF_NUM_INTRAOP_THREADS=${of('run-started').at(0).engine.threads} ${command}`,
    metrics: of('evaluated').at(-1).metrics,
    effects: of('exemplars-learned'),
    seconds,
    sha256: createHash('sha256').update(weights).digest('hex'),
  };
}

/**
 * A table of figures: a row for each run, as a map from the column's title to the cell. Columns in which no row has anything are left out.
 * @param cellsOf the cells of a run, the first of them its name; null for a run that has no row
 */
const figures = (head, cellsOf) => {
  const rowsOf = (titles, rows) => new Map(rows.map((cells) => [cells[0], new Map(cells.map((cell, i) => [titles[i], cell]))]));
  return {
    of: (runs) => rowsOf(head, runs.map(cellsOf).filter(Boolean)),
    read(text) {
      const [titles = [], , ...rows] = text.split('\n').map((row) => row.slice(2, -2).split(' | '));
      return rowsOf(titles, rows);
    },
    write(rows) {
      const cell = (row, title) => row.get(title) ?? NONE;
      const shown = head.filter((title) => [...rows.values()].some((row) => cell(row, title) !== NONE));
      const line = (cells) => `| ${cells.join(' | ')} |`;
      return [
        line(shown),
        line(shown.map(() => '---')),
        ...[...rows.values()].map((row) => line(shown.map((title) => cell(row, title)))),
      ].join('\n');
    },
  };
};

/** Ā, A_N, both forgettings (softmax / nearest mean), time and the weights' hash. */
const results = figures(['run', 'Ā', 'last A', 'paper F', 'standard F', 'minutes', 'sha256'], ({ name, metrics, seconds, sha256 }) => [
  name,
  pair(metrics, (m) => m.averageAccuracy),
  pair(metrics, (m) => m.accuracy),
  pair(metrics, (m) => m.paperForgetting),
  pair(metrics, (m) => m.standardForgetting),
  (Object.values(seconds).reduce((a, b) => a + b, 0) / 60).toFixed(1),
  `\`${sha256.slice(0, 12)}\``,
]);

/** How far exemplars moved, the loss that learning minimises before and after, and nearest-mean accuracy by what learning changed. */
const learning = figures(
  ['run', 'moved, new', 'moved, old', 'loss (9), chosen → now', 'loss (10), stored → now', 'nearest mean, chosen → now'],
  ({ name, effects }) => {
    if (effects.length === 0) return null;
    const groups = effects.at(-1).nearestMean;
    const distance = (values) => (values.length > 0 ? mean(values).toFixed(3) : NONE);
    const change = (values, from) =>
      values.length > 0 ? `${mean(values.map(from)).toFixed(3)} → ${mean(values.map((l) => l.now)).toFixed(3)}` : NONE;
    return [
      name,
      distance(effects.map(({ moved }) => moved.new)),
      distance(effects.flatMap(({ moved }) => moved.old ?? [])),
      change(
        effects.flatMap(({ losses }) => losses.new ?? []),
        (l) => l.chosen,
      ),
      change(
        effects.flatMap(({ losses }) => losses.old ?? []),
        (l) => l.stored,
      ),
      `${percent(mean(groups.map((g) => g.chosen)))} → ${percent(mean(groups.map((g) => g.now)))}`,
    ];
  },
);

/** Seconds of each kind of stage: what a method costs. */
const costs = figures(['run', ...STAGES], ({ name, seconds }) => [name, ...STAGES.map((stage) => seconds[stage]?.toFixed(0) ?? NONE)]);

const commands = {
  of: (runs) => new Map(runs.map(({ name, command }) => [name, command])),
  read: (text) =>
    new Map(text.split('\n').flatMap((command) => (command.startsWith('```') ? [] : [[path.posix.basename(command), command]]))),
  write: (rows) => ['```', ...rows.values(), '```'].join('\n'),
};

/** Rows of the results that differ in their seed alone as one: the mean of each figure as it stands in the table. */
const means = figures(['row', 'seeds', ...AVERAGED], ([name, rows]) => {
  const meanOf = (cells) => {
    const figuresOf = cells.map((cell) => cell.split(' / ').map(Number));
    return figuresOf[0].map((_, i) => mean(figuresOf.map((each) => each[i])).toFixed(1)).join(' / ');
  };
  return rows.length > 1 ? [name, String(rows.length), ...AVERAGED.map((title) => meanOf(rows.map((row) => row.get(title))))] : null;
});

function bySeeds(rows) {
  const groups = new Map();
  for (const [name, row] of rows) {
    const group = name.replace(/-seed\d+$/, '');
    groups.set(group, [...(groups.get(group) ?? []), row]);
  }
  return [...groups];
}

/**
 * Puts each table between its two marks, `<!-- results laptop -->` and `<!-- end results laptop -->`; what stands around them is written by people.
 * A row whose run is not here, because it was made on another machine, stays as it is.
 * @param tables [{ name, names, rows: [{ name, dir, command }] }]: the names of all rows in their order, and the runs that are complete
 */
export function writeTables(page, tables) {
  let text = readFileSync(page, 'utf8');
  /** @param change what was between the marks → what is to be there */
  const put = (mark, change) => {
    const [from, to] = [`<!-- ${mark} -->`, `<!-- end ${mark} -->`];
    const [start, end] = [text.indexOf(from), text.indexOf(to)];
    if (start < 0 || end < start) return;
    text = `${text.slice(0, start + from.length)}\n\n${change(text.slice(start + from.length, end).trim())}\n\n${text.slice(end)}`;
  };
  for (const { name, names, rows } of tables) {
    if (rows.length === 0) continue;
    const runs = rows.map(readRun);
    const merged = (part, before) => {
      const all = new Map([...part.read(before), ...part.of(runs)]);
      return new Map(names.flatMap((row) => (all.has(row) ? [[row, all.get(row)]] : [])));
    };
    for (const [what, part] of Object.entries({ learning, costs, commands }))
      put(`${what} ${name}`, (before) => part.write(merged(part, before)));
    let all = new Map();
    put(`results ${name}`, (before) => results.write((all = merged(results, before))));
    put(`means ${name}`, () => means.write(means.of(bySeeds(all))));
  }
  writeFileSync(page, text);
}
