import { cp, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Workbench } from './driver';
import { eventually } from './eventually';
import { Session } from './session';
import { storedRun } from './storedRun';
import { TestWorkspace } from './workspace';

/**
 * `npx tsx test/workbench/screenshots.ts [FOLDER]`: pictures of every view in the real workbench, in three kinds of theme and
 * two widths, for people to look at. `MNEMONICS_RUN` names a run folder to show instead of a tiny one.
 */
const THEMES = { light: 'Light 2026', dark: 'Dark 2026', 'high-contrast': 'Default High Contrast' };
const WIDTHS = [1400, 500];
const folder = path.resolve(process.argv[2] ?? 'test-results/screenshots/workbench');

async function main(): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, theme] of Object.entries(THEMES)) {
    const session = await Session.start({ settings: { 'workbench.colorTheme': theme, 'workbench.activityBar.location': 'default' } });
    try {
      for (const width of WIDTHS) await pictures(session, `${name}-${width}`, width);
    } finally {
      await session.stop();
    }
  }
  console.log(folder);
}

async function pictures(session: Session, suffix: string, width: number): Promise<void> {
  const workspace = await TestWorkspace.create();
  const given = process.env.MNEMONICS_RUN;
  // Beside a tiny run, a field that is wrong, to see how that looks.
  await workspace.experiment('demo', given ? {} : { beta1: -1 });
  if (given) await cp(given, path.join(workspace.folder, 'runs', path.basename(given)), { recursive: true });
  else await storedRun(workspace);
  const workbench = await session.open(workspace.folder, { width, height: 900 });
  const take = async (name: string) => {
    await workbench.page.waitForTimeout(1500); // Pictures and charts of a page that has just opened are still being drawn.
    await workbench.page.screenshot({ path: path.join(folder, `${name}-${suffix}.png`) });
  };
  await workbench.openContainer('Mnemonics');
  await workbench.webview('main.panel');
  await workbench.treeRows('Runs').first().locator('.monaco-tl-twistie').click();
  await take('side-panel');
  await workbench.command('Mnemonics: Open Dashboard');
  await workbench.pick(path.basename(await workspace.run()));
  const dashboard = await workbench.webview('main.dashboard');
  if (width < 600) await workbench.command('View: Toggle Primary Side Bar Visibility');
  await take('dashboard');
  for (const section of ['Forgetting', 'Learning', 'Exemplars', 'Classes', 'Times']) {
    await dashboard.getByRole('link', { name: section }).click();
    await take(`dashboard-${section.toLowerCase()}`);
  }
  await workbench.openFile('model.safetensors');
  await workbench.webview('main header.file-header');
  await take('checkpoint-model');
  await workbench.openFile('exemplars.safetensors');
  await workbench.webview('main header.file-header');
  await take('checkpoint-exemplars');
  if (suffix.startsWith('light')) await report(session, workbench, workspace, suffix, width);
  await workbench.close();
  await workspace.remove();
}

/** The saved report is a page of its own and follows the reader's system, not the editor. */
async function report(session: Session, workbench: Workbench, workspace: TestWorkspace, suffix: string, width: number): Promise<void> {
  await workbench.command('Mnemonics: Save Report');
  await workbench.pick(path.basename(await workspace.run()));
  await workbench.page.getByRole('button', { name: 'OK' }).click();
  const file = `${await workspace.run()}.html`;
  await eventually('the report', async () => (await workspace.text(file).catch(() => '')).endsWith('</html>\n'));
  const page = await session.browser.newPage({ viewport: { width, height: 900 } });
  await page.goto(pathToFileURL(file).href);
  await page.waitForTimeout(1500);
  await page.screenshot({ path: path.join(folder, `report-${suffix}.png`), fullPage: true });
  await page.close();
}

void main();
