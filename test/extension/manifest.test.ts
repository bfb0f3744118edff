import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(__dirname, '../..');
const text = (file: string) => readFileSync(path.join(root, file), 'utf8');

interface Manifest {
  icon?: string;
  capabilities: { untrustedWorkspaces: { supported: string; restrictedConfigurations: string[] } };
  contributes: {
    commands: { command: string; category: string; enablement?: string }[];
    configuration: { properties: Record<string, unknown> };
    menus: Record<string, { command: string }[]>;
    viewsContainers: { activitybar: { icon: string }[] };
    viewsWelcome: { contents: string }[];
  };
}

describe('the manifest', () => {
  const manifest = JSON.parse(text('package.json')) as Manifest;
  const strings = JSON.parse(text('package.nls.json')) as Record<string, string>;
  const commands = new Set(manifest.contributes.commands.map(({ command }) => command));

  it('has a string for every key that it names, and no other strings', () => {
    const named = new Set([...text('package.json').matchAll(/%([\w.]+)%/g)].map(([, key]) => key));
    assert.deepEqual([...named].sort(), Object.keys(strings).sort());
  });

  it('names in its menus and welcome texts only commands that it declares', () => {
    const inMenus = Object.values(manifest.contributes.menus)
      .flat()
      .map(({ command }) => command);
    const inTexts = Object.values(strings).flatMap((string) =>
      [...string.matchAll(/command:(mnemonics\.\w+)/g)].map(([, command]) => command ?? ''),
    );
    assert.deepEqual(
      [...inMenus, ...inTexts].filter((command) => !commands.has(command)),
      [],
    );
  });

  it('puts every command under one category', () => {
    assert.deepEqual([...new Set(manifest.contributes.commands.map(({ category }) => category))], ['Mnemonics']);
  });

  it('names icons that are there', () => {
    const icons = [manifest.icon, ...manifest.contributes.viewsContainers.activitybar.map(({ icon }) => icon)];
    for (const icon of icons) assert.ok(icon && existsSync(path.join(root, icon)), `${icon} is missing`);
  });

  it('lets a folder that is not trusted set nothing: neither where files are written nor what starts', () => {
    const { supported, restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    assert.equal(supported, 'limited');
    assert.deepEqual([...restrictedConfigurations].sort(), Object.keys(manifest.contributes.configuration.properties).sort());
  });

  it('offers nothing that starts a process in Restricted Mode, and the code asks once more', () => {
    const starting = ['startRun', 'resumeRun', 'importDataSet', 'showEngine', 'installEngine'];
    for (const { command, enablement } of manifest.contributes.commands)
      assert.equal(enablement?.includes('isWorkspaceTrusted') ?? false, starting.includes(command.replace('mnemonics.', '')), command);
    const source = path.join(root, 'src/extension');
    const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
    const read = (name: string) => readFileSync(path.join(source, name), 'utf8');
    // Whoever starts a run or a command has asked, in the same function or in the one place that calls it.
    const callers = files.filter((name) => /\bcontroller\.(start|resume)\(|\brunShown\(vscode/.test(read(name)));
    assert.deepEqual(callers.sort(), [
      'commands/engineCommands.ts',
      'commands/importDataSet.ts',
      'commands/runCommands.ts',
      'commands/startRun.ts',
      'run/resumeAfterReload.ts',
    ]);
    for (const name of callers) assert.match(read(name), /if \(!trusted\(|!vscode\.workspace\.isTrusted \|\|/, name);
    // And nothing else makes a process.
    const makers = files.filter((name) => /child_process|new Worker\(/.test(read(name)));
    assert.deepEqual(makers.sort(), ['process/cliCommand.ts', 'process/trainerProcess.ts']);
  });
});
