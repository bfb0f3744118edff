// What is compared of two run folders, and what must not be left in one.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { readEvents } from '../../src/store/eventLog.ts';
import { readView } from '../../src/store/readHistory.ts';

const phaseFiles = (dir) =>
  readdirSync(dir)
    .filter((name) => /^phase-\d+$/.test(name))
    .sort()
    .flatMap((phase) => ['model.safetensors', 'exemplars.safetensors', 'evaluation.json'].map((file) => `${phase}/${file}`));

/** sha256 of each phase's weights, exemplars and evaluation, and the fold of the events. */
export async function fingerprintOf(dir) {
  const sha256 = (file) =>
    createHash('sha256')
      .update(readFileSync(path.join(dir, file)))
      .digest('hex');
  const files = Object.fromEntries(phaseFiles(dir).map((file) => [file, sha256(file)]));
  const view = await readView(dir);
  const stages = view.phases.flatMap(({ stages }) => stages);
  return {
    files,
    view: withoutTimes(view),
    /** Milliseconds to the first stage, and of the longest one. */
    times: (since) => ({ startUp: stages[0].startedAt - since, longestStage: 1000 * Math.max(...stages.map(({ seconds }) => seconds)) }),
  };
}

/** Losses are means since the report before, which comes when its time has come. */
const withoutTimes = ({ config, plan, engine, headline, state, current, error, phases }) => ({
  ...{ config, plan, engine, headline, state, current, error },
  phases: phases.map(({ seconds: _, stages, ...phase }) => ({
    ...phase,
    stages: stages.map(({ stage, state, steps, step, images }) => ({ stage, state, steps, step, images })),
  })),
});

/** In what two fingerprints differ, as names for people. */
export function differences(one, other) {
  const names = [...new Set([...Object.keys(one.files), ...Object.keys(other.files)])];
  const files = names.filter((name) => one.files[name] !== other.files[name]);
  return isDeepStrictEqual(one.view, other.view) ? files : [...files, 'the fold of its events'];
}

/** What a process has left in a run's folder. */
export function whatIsLeft(dir) {
  const file = path.join(dir, 'run.json');
  const hasRun = existsSync(file);
  const names = existsSync(dir) ? readdirSync(dir, { recursive: true }) : [];
  return {
    hasRun,
    status: hasRun ? JSON.parse(readFileSync(file, 'utf8')).status : null,
    // The report is written when the run has ended already; it can be had again by `report`.
    temporary: names.filter((name) => name.endsWith('.tmp') && !name.startsWith('report.html')),
  };
}

/** Where a run's log ends, in words. @throws where the log can't be read: a killed process must leave one that can */
export async function lastPlace(dir) {
  const file = path.join(dir, 'events.jsonl');
  const last = existsSync(file) ? (await readEvents(file)).at(-1) : undefined;
  if (!last) return 'its beginning';
  return `phase ${last.phase}, ${last.stage ? `${last.stage}, step ${last.step}` : 'between stages'} (${last.kind})`;
}
