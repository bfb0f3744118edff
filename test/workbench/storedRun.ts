import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { cp, mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { TestWorkspace } from './workspace';

const cli = path.resolve(__dirname, '../../dist/cli.js');
let trained: Promise<string> | undefined;

/** Puts a completed run into a workspace. It is trained once a test run, by the command line, and copied. */
export async function storedRun({ folder }: TestWorkspace, name?: string): Promise<void> {
  const run = await (trained ??= train());
  await cp(run, path.join(folder, 'runs', name ?? path.basename(run)), { recursive: true });
}

async function train(): Promise<string> {
  const workspace = await TestWorkspace.create();
  const config = await workspace.experiment('stored');
  const folder = await mkdtemp(path.join(os.tmpdir(), 'mnemonics-stored-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const run = path.join(folder, 'stored-20260101-120000');
  await promisify(execFile)(process.execPath, [cli, 'run', config, '--out', run]);
  await workspace.remove();
  return run;
}
