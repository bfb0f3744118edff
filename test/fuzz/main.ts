import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { TARGET_NAMES, type TargetName } from './registry';
import { supervise } from './supervise';
import type { TargetResult } from './target';

const USAGE = `npm run fuzz -- [--only TARGET[,TARGET…]] [--runs N] [--seed S] [--path P] [--input FILE] [--jobs N]

Gives every reader of Mnemonics Lab mutated inputs: over 100 000 of them, a new seed each time. What fails is told with its seed,
path and a file with the input.
  --only   targets: ${TARGET_NAMES.join(', ')}
  --runs   inputs of each target, in place of its own number
  --seed   repeats the inputs of another time
  --path   with --seed, --only and --runs: goes straight to a failure
  --input  with --only: gives the target this file alone
  --jobs   processes at once
`;

/** Where inputs that broke something are kept. */
const KEPT = resolve(__dirname, '..', '..', '.cache', 'fuzz');

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      runs: { type: 'string' },
      seed: { type: 'string' },
      path: { type: 'string' },
      input: { type: 'string' },
      jobs: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return (process.stdout.write(USAGE), 0);
  const names = values.only?.split(',') ?? TARGET_NAMES;
  const unknown = names.filter((name) => !TARGET_NAMES.includes(name as TargetName));
  if (unknown.length > 0) throw new Error(`There is no target ${unknown.join(', ')}; see --help.`);
  const seed = number(values.seed, 'seed') ?? Date.now() % 2 ** 31;
  const runs = number(values.runs, 'runs');
  const jobs = number(values.jobs, 'jobs') ?? Math.min(8, availableParallelism());
  const base = mkdtempSync(join(tmpdir(), 'mnemonics-fuzz-'));
  process.stdout.write(`seed ${seed}, ${jobs} process${jobs === 1 ? '' : 'es'}\n`);
  const began = Date.now();
  const results: TargetResult[] = [];
  const queue = [...names] as TargetName[];
  const input = values.input === undefined ? undefined : resolve(values.input);
  const job = async () => {
    for (let name = queue.shift(); name; name = queue.shift()) {
      const task = { targets: [{ name, runs }], seed, path: values.path, input, base, part: 1 };
      await supervise(task, (result) => {
        results.push(result);
        print(result, seed);
      });
    }
  };
  try {
    await Promise.all(Array.from({ length: jobs }, job));
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
  const failed = results.filter(({ failure }) => failure !== null).length;
  const total = results.reduce((sum, result) => sum + result.runs, 0);
  process.stdout.write(
    `${total} inputs of ${results.length} targets in ${Math.round((Date.now() - began) / 1000)} s with seed ${seed}: ${failed === 0 ? 'nothing broke' : `${failed} targets broke`}\n`,
  );
  return failed === 0 ? 0 : 1;
}

function print({ name, runs, seconds, failure }: TargetResult, seed: number): void {
  process.stdout.write(
    `${name.padEnd(22)}${String(runs).padStart(8)} inputs${seconds.toFixed(1).padStart(8)} s${failure ? '  BROKEN' : ''}\n`,
  );
  if (!failure) return;
  mkdirSync(KEPT, { recursive: true });
  const file = join(KEPT, `${name}-${seed}`);
  writeFileSync(file, Buffer.from(failure.inputBase64, 'base64'));
  const path = failure.path === null ? '' : ` --seed ${seed} --path ${failure.path}`;
  process.stdout.write(
    `  ${failure.finding.property}: ${failure.finding.message}\n  again: npm run fuzz -- --only ${name} --input ${relative(process.cwd(), file)}\n${path && `     or: npm run fuzz -- --only ${name}${path}\n`}`,
  );
}

function number(text: string | undefined, name: string): number | null {
  if (text === undefined) return null;
  const value = Number(text);
  if (!Number.isInteger(value)) throw new Error(`--${name} must be a whole number.`);
  return value;
}

void main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  },
);
