import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { buildSuite } from './buildSuite';
import { launchChromium } from '../chromium';
import { installedWorkbench } from './install';
import { type SuiteResults } from './suiteResults';
import { TestWorkspace } from './workspace';
import { WorkbenchServer } from './workbenchServer';

const root = path.resolve(__dirname, '../..');
const PATIENCE_MS = 240_000;
const RESULTS = '.results.json';

interface Route {
  readonly suite: string;
  readonly folder: string;
  /** The end of what the host said, for when the suite doesn't come to its own. */
  readonly said: string[];
}

/**
 * Runs the suite inside an extension host: in the desktop VS Code that VSCODE_EXECUTABLE names, else in code-server.
 * @throws where the suite did not come to its end, whatever the exit code says.
 */
export async function runHostSuite(): Promise<SuiteResults> {
  const workspace = await TestWorkspace.create();
  try {
    await workspace.experiment('tiny');
    const route: Route = { suite: await buildSuite(), folder: workspace.folder, said: [] };
    const code = process.env.VSCODE_EXECUTABLE ? await inDesktop(route, process.env.VSCODE_EXECUTABLE) : await inCodeServer(route);
    const results = JSON.parse(await workspace.text(RESULTS).catch(() => '{"done":false}')) as SuiteResults;
    if (results.done && (code === 0) === (results.failures.length === 0)) return results;
    throw new Error(`The suite ended in the middle (exit code ${code}). The host last said:\n${route.said.slice(-30).join('\n')}`);
  } finally {
    await workspace.remove();
  }
}

const environment = (folder: string) => ({ MNEMONICS_TEST_RESULTS: path.join(folder, RESULTS) });

function inDesktop({ suite, folder }: Route, vscodeExecutablePath: string): Promise<number> {
  const launchArgs = [folder, '--disable-extensions', '--disable-workspace-trust', '--user-data-dir', path.join(folder, '.user')];
  const options = {
    vscodeExecutablePath,
    extensionDevelopmentPath: root,
    extensionTestsPath: suite,
    launchArgs,
    extensionTestsEnv: environment(folder),
  };
  return runTests(options).catch(() => 1);
}

async function inCodeServer({ suite, folder, said }: Route): Promise<number> {
  const installed = await installedWorkbench((line) => console.log(line));
  const server = await WorkbenchServer.create(installed, { testDriver: true, env: environment(folder) });
  try {
    await server.start();
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      const ended = new Promise<number>((resolve, reject) => {
        setTimeout(
          () => reject(new Error(`The suite took longer than ${PATIENCE_MS / 1000} s.\n${said.slice(-30).join('\n')}`)),
          PATIENCE_MS,
        ).unref();
        // The names that the workbench's web test runner calls.
        void page.exposeFunction('codeAutomationLog', (_type: string, args: unknown[]) => void said.push(args.join(' ')));
        void page.exposeFunction('codeAutomationExit', (code: number) => resolve(code));
      });
      const authority = `vscode-remote://127.0.0.1:${server.port}`;
      const payload = [
        ['extensionDevelopmentPath', authority + root],
        ['extensionTestsPath', authority + suite],
      ];
      const query = `folder=${encodeURIComponent(folder)}&payload=${encodeURIComponent(JSON.stringify(payload))}`;
      await page.goto(`http://127.0.0.1:${server.port}/?${query}`, { waitUntil: 'commit' });
      return await ended;
    } finally {
      await browser.close();
    }
  } finally {
    await server.stop();
  }
}
