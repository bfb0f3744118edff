// The tables of REPRODUCIBILITY.md, from the folders of complete runs.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const percent = (fraction) => (100 * fraction).toFixed(1);
const pair = (figures, of) => `${percent(of(figures.softmax))} / ${percent(of(figures.nearestMean))}`;
const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;
const orDash = (values, show) => (values.length > 0 ? show(mean(values)) : '–');
const line = (cells) => `| ${cells.join(' | ')} |`;
const markdown = (head, rows) => [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');

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

/** Ā, A_N, both forgettings (softmax / nearest mean), time and the weights' hash. */
const results = (runs) =>
  markdown(
    ['run', 'Ā', 'last A', 'paper F', 'standard F', 'minutes', 'sha256'],
    runs.map(({ name, metrics, seconds, sha256 }) => [
      name,
      pair(metrics, (m) => m.averageAccuracy),
      pair(metrics, (m) => m.accuracy),
      pair(metrics, (m) => m.paperForgetting),
      pair(metrics, (m) => m.standardForgetting),
      (Object.values(seconds).reduce((a, b) => a + b, 0) / 60).toFixed(1),
      `\`${sha256.slice(0, 12)}\``,
    ]),
  );

/** How far exemplars moved, the loss that learning minimises before and after, and nearest-mean accuracy by what learning changed. */
function learning(runs) {
  const learned = runs.filter(({ effects }) => effects.length > 0);
  return markdown(
    ['run', 'moved, new', 'moved, old', 'loss (9), chosen → now', 'loss (10), stored → now', 'nearest mean, chosen → now'],
    learned.map(({ name, effects }) => {
      const fresh = effects.flatMap(({ losses }) => losses.new ?? []);
      const old = effects.flatMap(({ losses }) => losses.old ?? []);
      const groups = effects.at(-1).nearestMean;
      const change = (values, from, to) =>
        values.length > 0 ? `${mean(values.map(from)).toFixed(3)} → ${mean(values.map(to)).toFixed(3)}` : '–';
      return [
        name,
        orDash(
          effects.map(({ moved }) => moved.new),
          (value) => value.toFixed(3),
        ),
        orDash(
          effects.flatMap(({ moved }) => moved.old ?? []),
          (value) => value.toFixed(3),
        ),
        change(
          fresh,
          (l) => l.chosen,
          (l) => l.now,
        ),
        change(
          old,
          (l) => l.stored,
          (l) => l.now,
        ),
        `${percent(mean(groups.map((g) => g.chosen)))} → ${percent(mean(groups.map((g) => g.now)))}`,
      ];
    }),
  );
}

/** Seconds of each kind of stage: what a method costs. */
function costs(runs) {
  const stages = [...new Set(runs.flatMap(({ seconds }) => Object.keys(seconds)))];
  return markdown(
    ['run', ...stages],
    runs.map(({ name, seconds }) => [name, ...stages.map((stage) => (seconds[stage] === undefined ? '–' : seconds[stage].toFixed(0)))]),
  );
}

const commands = (runs) => ['```', ...runs.map(({ command }) => command), '```'].join('\n');

/**
 * Puts each table between its two marks, `<!-- results laptop -->` and `<!-- end results laptop -->`; what stands around them is written by people.
 * @param tables [{ name, rows: [{ name, dir, command }] }], of complete runs
 */
export function writeTables(page, tables) {
  let text = readFileSync(page, 'utf8');
  for (const { name, rows } of tables) {
    if (rows.length === 0) continue;
    const runs = rows.map(readRun);
    for (const [what, make] of Object.entries({ results, learning, costs, commands })) {
      const [from, to] = [`<!-- ${what} ${name} -->`, `<!-- end ${what} ${name} -->`];
      const [start, end] = [text.indexOf(from), text.indexOf(to)];
      if (start >= 0 && end > start) text = `${text.slice(0, start + from.length)}\n\n${make(runs)}\n\n${text.slice(end)}`;
    }
  }
  writeFileSync(page, text);
}
