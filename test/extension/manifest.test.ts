import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(__dirname, '../..');
const text = (file: string) => readFileSync(path.join(root, file), 'utf8');

interface Manifest {
  icon?: string;
  contributes: {
    commands: { command: string; category: string }[];
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
});
