import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TARGET_NAMES } from './registry';
import { supervise } from './supervise';
import type { TargetResult } from './target';

/** The same inputs each time: what fails, fails for everybody. `npm run fuzz` has others each time, and many more. */
const SEED = 20200621;
/** A part of each target's own number of inputs. */
const PART = 0.02;

describe('Mutated inputs', function () {
  this.timeout(180_000);
  const results = new Map<string, TargetResult>();

  before(async () => {
    const base = mkdtempSync(join(tmpdir(), 'mnemonics-fuzz-'));
    const targets = TARGET_NAMES.map((name) => ({ name, runs: null }));
    const halves = [0, 1].map((half) => targets.filter((_, i) => i % 2 === half));
    await Promise.all(
      halves.map((half) => supervise({ targets: half, seed: SEED, base, part: PART }, (result) => results.set(result.name, result))),
    );
    rmSync(base, { recursive: true, force: true });
  });

  for (const name of TARGET_NAMES) {
    it(`of the target ${name} are read or refused with a sentence (seed ${SEED})`, () => {
      const result = results.get(name) ?? results.get('none');
      if (!result) throw new Error('The process ended before it came to this target.');
      if (result.failure) throw new Error(`${result.failure.finding.property}: ${result.failure.finding.message}`);
    });
  }
});
