import { basename, resolve } from 'node:path';
import { reportDataSchema, type ReportData } from '../protocol/reportData';
import { SCHEMA_VERSION } from '../protocol/schemaVersion';
import { writeFileAtomic } from './atomicFile';
import { readCondensed } from './readHistory';
import { readReportConfusions } from './reportConfusions';
import { readReportExemplars } from './reportExemplars';
import { reportPage, type ReportAssets } from './reportPage';

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
    const events = await readCondensed(runDir);
    const title = basename(resolve(runDir));
    const { exemplars, left } = await readReportExemplars(runDir, events, MAX_PIXEL_BYTES / runDirs.length);
    if (left !== null) notices.push(`${title}: ${left}`);
    const { confusions, problems } = await readReportConfusions(runDir, events, runDirs.length);
    notices.push(...problems.map((problem) => `${title}: ${problem}`));
    runs.push({ title, events: [...events], confusions, exemplars });
  }
  const data = reportDataSchema.parse({ schemaVersion: SCHEMA_VERSION, runs });
  await writeFileAtomic(outFile, reportPage(data, runs.map((run) => run.title).join(', '), assets));
  return { notices };
}
