import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';
import { type SuiteResults } from '../suiteResults';

/**
 * Entry of the tests inside the extension host, for code-server and desktop VS Code alike. The exit code alone can't be
 * trusted (a host that is killed in the middle reports 0), so the results go to the file that MNEMONICS_TEST_RESULTS names.
 */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, reporter: 'spec' });
  for (const file of readdirSync(__dirname)) if (file.endsWith('.test.js')) mocha.addFile(path.join(__dirname, file));
  const results: SuiteResults = { done: false, passes: [], failures: [], skipped: [] };
  await new Promise<void>((resolve) => {
    mocha
      .run(() => resolve())
      .on('pass', (test) => results.passes.push(test.fullTitle()))
      .on('pending', (test) => results.skipped.push(test.fullTitle()))
      .on('fail', (test, error: Error) => results.failures.push({ title: test.fullTitle(), message: error.stack ?? error.message }));
  });
  const file = process.env.MNEMONICS_TEST_RESULTS;
  if (file) writeFileSync(file, JSON.stringify({ ...results, done: true }));
  if (results.failures.length > 0) throw new Error(`${results.failures.length} tests failed.`);
}
