import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { startCli, type CliEnd } from '../cli/support/runCli';
import { experimentFile, newPath, resume, wholeRun } from './support/smallRun';
import { resultsOf } from '../support/results';

/** Runs the command line where no file may be larger than so many bytes, which any user may ask for; half kilobytes count. */
const limited = (bytes: number, ...args: string[]): Promise<CliEnd> =>
  startCli(args, dirname(experiment), {}, ['sh', '-c', `ulimit -f ${Math.floor(bytes / 512)} && exec "$0" "$@"`]).ended;

const experiment = experimentFile();

describe('A limit on the size of files', function () {
  this.timeout(60_000);

  const CASES: [file: string, bytes: number][] = [
    ['run.json', 1024],
    ['events.jsonl', 2560],
    ['state.safetensors', 100_000],
  ];
  // At once, since each of them mostly waits for its program to be read.
  const runs = new Map<string, { runDir: string; ended: Promise<CliEnd> }>();
  before(() => {
    for (const [file, bytes] of CASES) {
      const runDir = newPath();
      runs.set(file, { runDir, ended: limited(bytes, 'run', experiment, '--out', runDir) });
    }
  });
  for (const [file] of CASES) {
    it(`that ${file} would exceed ends the run with a sentence and exit code 5`, async () => {
      const { runDir, ended } = runs.get(file) as { runDir: string; ended: Promise<CliEnd> };
      const { code, stdout, stderr } = await ended;
      assert.deepEqual([code, stdout], [5, ''], stderr);
      const sentence = `mnemonics: ${join(runDir, file)} can't be written: it would be larger than files may be here, so raise that limit (ulimit -f) or choose another disk.\n`;
      assert.ok(stderr.endsWith(sentence), stderr);
      assert.deepEqual(
        readdirSync(runDir).filter((name) => /tmp|lock/.test(name)),
        [],
      );
      if (file === 'run.json') return;
      await resume(runDir);
      assert.deepEqual(resultsOf(runDir), resultsOf(await wholeRun()));
    });
  }
});
