import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TINY } from './support/tiny';
import { editLog } from './support/editRun';

const ROOT = join(__dirname, '..', '..');
const FOLDERS = join(ROOT, 'scripts', 'soak', 'folders.mjs');
const PROCESS = join(ROOT, 'scripts', 'soak', 'process.mjs');
interface Folders {
  fingerprintOf(dir: string): Promise<object>;
  differences(one: object, other: object): string[];
  whatIsLeft(dir: string): { temporary: string[] };
}

describe('npm run soak', function () {
  this.timeout(300_000);
  const scratch = mkdtempSync(join(tmpdir(), 'mnemonics-soak-test-'));
  const folder = join(scratch, 'runs');
  const run = join(folder, 'run-001');
  after(() => rmSync(scratch, { recursive: true, force: true }));

  it('kills runs at random moments, and they end with the same bits', async () => {
    const experiment = join(scratch, 'tiny.mnemonics.json');
    writeFileSync(experiment, JSON.stringify({ ...TINY, name: 'tiny' }));
    const cli = join(ROOT, 'src', 'trainer', 'cli.ts');
    const options = ['--kills', '3', '--engine', 'wasm', '--experiment', experiment, '--cli', cli, '--folder', folder];
    const child = spawn(process.execPath, ['--import', 'tsx', join(ROOT, 'scripts', 'soak.mjs'), ...options], { cwd: ROOT });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    const [code] = (await once(child, 'close')) as [number | null];
    assert.equal(code, 0, text);
    assert.match(text, /^Seed \d+;/);
    assert.match(text, /\n3 kills, \d+ runs, 0 differing hashes\n$/);
    assert.equal(text.match(/^kill \d of 3: /gm)?.length, 3);
  });

  it('takes a process that lives on for an orphan, and one that has ended for none, even where its parent takes no notice', async () => {
    const { groupLives } = (await import(PROCESS)) as { groupLives(pid: number, patienceMs?: number): Promise<boolean> };
    // The shell becomes a program that never asks after its children: the first of them stays a zombie.
    const ended = spawn('sh', ['-c', 'setsid true & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
    const living = spawn('sh', ['-c', 'sleep 60 & exit'], { stdio: 'ignore', detached: true });
    try {
      const [pid] = (await once(ended.stdout, 'data')) as [Buffer];
      await once(living, 'exit');
      assert.equal(await groupLives(Number(pid.toString())), false);
      assert.equal(await groupLives(living.pid ?? 0, 200), true);
    } finally {
      ended.kill('SIGKILL');
    }
  });

  it('would notice a weight, a fact of the log or a temporary file that is not as it should be', async () => {
    const { fingerprintOf, differences, whatIsLeft } = (await import(FOLDERS)) as Folders;
    const reference = await fingerprintOf(join(folder, 'reference'));
    const differing = async () => differences(reference, await fingerprintOf(run));
    assert.deepEqual([await differing(), whatIsLeft(run).temporary], [[], []]);

    const model = join(run, 'phase-01', 'model.safetensors');
    const bytes = readFileSync(model);
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
    writeFileSync(model, bytes);
    editLog(run, (lines) => lines.map((line) => line.replace(/"averageAccuracy":[^,]+/, '"averageAccuracy":0.123')));
    writeFileSync(join(run, 'phase-00', 'model.safetensors.0a1b2c3d.tmp'), '');
    assert.deepEqual(await differing(), ['phase-01/model.safetensors', 'the fold of its events']);
    assert.deepEqual(whatIsLeft(run).temporary, ['phase-00/model.safetensors.0a1b2c3d.tmp']);
  });
});
