import { existsSync, mkdtempSync, realpathSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { findDawn } from '../../../src/engine/webgpu/dawn';

const DRIVER = 'vk_swiftshader_icd.json';
const LOADER = 'libvulkan.so.1';
/** glibc's RTLD_NODELETE, which Node doesn't name: the library stays, though Node refuses it for an addon and closes it. */
const STAY = 0x1000;

let reason: string | undefined | null = null;

/**
 * Lets Dawn find the software driver and the loader that Chromium brings, in this process and in those that it starts, so that the webgpu
 * engine can be tested without a GPU. Where VK_DRIVER_FILES is set already, that driver is tested. Returns why it can't be, or undefined.
 */
export function useSwiftShader(): string | undefined {
  if (reason === null) reason = prepare();
  return reason;
}

function prepare(): string | undefined {
  if (!findDawn()) return 'the package webgpu is not installed (npm install)';
  if (process.env['VK_DRIVER_FILES']) return undefined;
  const folder = chromiumFolders().find((candidate) => existsSync(join(candidate, DRIVER)));
  if (!folder) return `no Chromium with ${DRIVER} was found (install chromium, or name one by CHROMIUM)`;
  const driver = join(folder, DRIVER);
  Object.assign(process.env, {
    VK_DRIVER_FILES: driver,
    // The older name of the same variable.
    VK_ICD_FILENAMES: driver,
    LD_LIBRARY_PATH: [folder, process.env['LD_LIBRARY_PATH']].filter(Boolean).join(delimiter),
  });
  process.env['XDG_RUNTIME_DIR'] ??= mkdtempSync(join(tmpdir(), 'mnemonics-xdg-'));
  // LD_LIBRARY_PATH is read when a process starts: this one gets the loader by hand.
  try {
    process.dlopen({ exports: {} }, join(folder, LOADER), constants.dlopen.RTLD_LAZY | STAY);
  } catch {
    // Always: it is no addon. Loaded it is, or the system's own serves.
  }
  return undefined;
}

function chromiumFolders(): string[] {
  const named = process.env['CHROMIUM'];
  const own = named && existsSync(named) ? [dirname(realpathSync(named))] : [];
  return [...own, '/usr/lib/chromium', '/usr/lib/chromium-browser', '/opt/google/chrome'];
}
