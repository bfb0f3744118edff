import { basename, join, resolve } from 'node:path';
import type { RunEvent } from '../protocol/events';
import { reportDataSchema, type ReportData } from '../protocol/reportData';
import { RUN_FILES } from '../protocol/runLayout';
import { SCHEMA_VERSION } from '../protocol/schemaVersion';
import { writeFileAtomic } from './atomicFile';
import { readEvents } from './eventLog';
import { readReportConfusions } from './reportConfusions';
import { readReportExemplars } from './reportExemplars';
import { reportPage, type ReportAssets } from './reportPage';

/** Progress events of a run that a report keeps; a longer run is thinned out evenly. */
const MAX_PROGRESS_EVENTS = 20_000;
/** Bytes of exemplar pixels in a report, over all its runs: a page that opens quickly and can be sent by mail. */
const MAX_PIXEL_BYTES = 20 * 1024 * 1024;

/**
 * Writes the dashboard of one run, or of several compared, as one self-contained page.
 * @returns what the reader should know: sentences saying what was left out of the page.
 * @throws LabError `run-folder` where a run can't be read or the page not be written.
 */
export async function writeReport(runDirs: readonly string[], outFile: string, assets: ReportAssets): Promise<{ notices: string[] }> {
  const notices: string[] = [];
  const runs: ReportData['runs'] = [];
  for (const runDir of runDirs) {
    const events = await readEvents(join(runDir, RUN_FILES.events));
    const title = basename(resolve(runDir));
    const { exemplars, left } = await readReportExemplars(runDir, events, MAX_PIXEL_BYTES / runDirs.length);
    if (left !== null) notices.push(`${title}: ${left}`);
    const confusions = await readReportConfusions(runDir, events, runDirs.length);
    runs.push({ title, events: thinOut(events, MAX_PROGRESS_EVENTS), confusions, exemplars });
  }
  const data = reportDataSchema.parse({ schemaVersion: SCHEMA_VERSION, runs });
  await writeFileAtomic(outFile, reportPage(data, runs.map((run) => run.title).join(', '), assets));
  return { notices };
}

/** Keeps every k-th progress event and everything else, so that at most `most` progress events are left. */
export function thinOut(events: readonly RunEvent[], most: number): RunEvent[] {
  const progress = events.reduce((count, event) => count + (event.kind === 'progress' ? 1 : 0), 0);
  const every = Math.ceil(progress / most);
  if (every <= 1) return [...events];
  let seen = 0;
  return events.filter((event) => event.kind !== 'progress' || seen++ % every === 0);
}
