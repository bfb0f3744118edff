import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TARGETS } from './brokenTargets';
import { supervise } from './supervise';
import type { TargetResult } from './target';

const EXPECTED: Record<keyof typeof TARGETS, RegExp | null> = {
  nothing: null,
  refusal: null,
  stranger: /^error: not a named error: TypeError: x is undefined/,
  remediless: /^error: the message is no sentence with a remedy/,
  'wrong-code': /^error: the error has the code data-invalid/,
  late: /^error: the process ended with exit code 1: .*nobody waits for this/s,
  pollution: /^prototype: Object\.prototype has got polluted/,
  inheritance: /^prototype: an object of the result has the prototype/,
  leaving: /^files: the reader left left$/,
  climbing: /^files: the reader left \.\.\/\.\.\/above\/left$/,
  escaping: /^files: the reader left .*mnemonics-fuzz-escape$/,
  spinning: /^time: the reader took \d+\.\d s of processor time/,
  taking: /^memory: the reader took 1\d\d\.\d MiB for 3 bytes, where 64\.0 MiB are allowed/,
  hoarding: /^memory: the reader took \d+\.\d MiB/,
  filling: /^error: the process ended with (SIGABRT|exit code)/,
  ending: /^error: the process ended with exit code 7/,
  hanging: /^time: the process hung for 4 s/,
};

describe('What watches mutated inputs', function () {
  this.timeout(180_000);
  const results = new Map<string, TargetResult>();

  before(async () => {
    const base = mkdtempSync(join(tmpdir(), 'mnemonics-fuzz-'));
    const run = async (names: readonly string[]) =>
      supervise(
        { targets: names.map((name) => ({ name, runs: null })), seed: 1, base, part: 1, registry: './brokenTargets' },
        (result) => results.set(result.name, result),
        names.includes('hanging') ? 4000 : undefined,
      );
    // Those that end their process have one of their own.
    const ending = ['late', 'filling', 'ending', 'hanging'];
    await Promise.all([Object.keys(TARGETS).filter((name) => !ending.includes(name)), ...ending.map((name) => [name])].map(run));
    rmSync(base, { recursive: true, force: true });
  });

  for (const [name, expected] of Object.entries(EXPECTED)) {
    it(`${expected ? 'finds' : 'lets pass'} a reader that is ${name}, and keeps its input`, () => {
      const failure = results.get(name)?.failure;
      if (!expected) return assert.equal(failure, null);
      assert.match(`${failure?.finding.property}: ${failure?.finding.message}`, expected);
      assert.equal(Buffer.from(failure?.inputBase64 ?? '', 'base64').toString(), 'bad');
    });
  }
});
