import { runError } from '../../protocol/errors';
import { writeReport } from '../../store/report';
import { reportAssets } from './reportAssets';

/** The report that `run` and `resume` leave in the run's folder. */
export const REPORT_FILE = 'report.html';

/**
 * Writes the report of one or several runs.
 * @returns sentences that people should read
 * @throws LabError `run-folder`, also where the report's page hasn't been built
 */
export async function writeRunReport(runDirs: readonly string[], outFile: string): Promise<string[]> {
  const assets = await reportAssets();
  if (!assets) throw runError('The report page is missing from this installation (webview/report.js); run npm run build.');
  const { notices } = await writeReport(runDirs, outFile, assets);
  return notices;
}
