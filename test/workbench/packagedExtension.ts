import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const root = path.resolve(__dirname, '../..');
let packaged: Promise<string> | undefined;

/** The extension as users get it, packed once a test run. `MNEMONICS_VSIX` names one that is ready. */
export function packagedExtension(): Promise<string> {
  return (packaged ??= process.env.MNEMONICS_VSIX ? Promise.resolve(process.env.MNEMONICS_VSIX) : pack());
}

async function pack(): Promise<string> {
  const out = path.join(root, '.cache', 'test-workbench', 'mnemonics-lab.vsix');
  await promisify(execFile)(process.execPath, [path.join(root, 'scripts/package.mjs'), '--fast', '--out', out], {
    cwd: root,
    maxBuffer: 16 << 20,
  });
  return out;
}
