import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { webviewPolicy } from '../../src/extension/webviewPolicy';

const source = path.resolve(__dirname, '../../src/extension');
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
const textOf = (name: string) => readFileSync(path.join(source, name), 'utf8');
/** Files in which a pattern is found, with what stands there. */
const found = (pattern: RegExp) =>
  Object.fromEntries(files.flatMap((name) => [...textOf(name).matchAll(pattern)].map(([hit]) => [name, hit])));

describe('the webviews', () => {
  it('have a policy that allows what carries the nonce of the page, and nothing else', () => {
    const directives = new Map(
      webviewPolicy('abc')
        .split('; ')
        .map((text) => [text.split(' ')[0], text.split(' ').slice(1)]),
    );
    assert.deepEqual(directives.get('default-src'), ["'none'"]);
    for (const [name, sources] of directives) assert.ok(["'none'", "'nonce-abc'"].includes(sources.join(' ')), name);
  });

  it('parse every message of their pages, and these are all', () => {
    const parsing: Record<string, string> = {
      'checkpoint/checkpointEditor.ts': 'fromCheckpointSchema',
      'dashboard/dashboardPanel.ts': 'fromDashboardSchema',
      'hyperparameters/hyperparametersView.ts': 'fromPanelSchema',
    };
    assert.deepEqual(Object.keys(found(/onDidReceiveMessage/g)).sort(), Object.keys(parsing));
    // Nothing but the schema gets hold of a message as it came.
    for (const [name, schema] of Object.entries(parsing)) {
      const [, handler = ''] = /onDidReceiveMessage\((?:async )?\(message: unknown\) =>((?:.|\n)*?);\n/.exec(textOf(name)) ?? [];
      assert.equal(handler.split('message').length, 2, name);
      assert.ok(handler.includes(`${schema}.parse(message)`), name);
    }
  });

  it('get page, policy and roots in one place, where only built files are', () => {
    for (const pattern of [/\.html = /g, /enableScripts/g, /localResourceRoots/g, /asWebviewUri/g, /Content-Security-Policy/g])
      assert.deepEqual(Object.keys(found(pattern)), ['webviewPage.ts'], String(pattern));
    const page = textOf('webviewPage.ts');
    assert.match(page, /localResourceRoots: \[root\]/);
    assert.match(page, /const root = webviewRoot\(extension\);/);
    assert.match(page, /webviewRoot = \(extension: vscode\.Uri\) => vscode\.Uri\.joinPath\(extension, 'dist', 'webview'\)/);
    assert.match(page, /nonce = randomBytes\(16\)/);
    // Each of those that parse messages has its page from there.
    assert.deepEqual(Object.keys(found(/fillWebview\(/g)).sort(), [
      'checkpoint/checkpointEditor.ts',
      'dashboard/dashboardPanel.ts',
      'hyperparameters/hyperparametersView.ts',
      'webviewPage.ts',
    ]);
  });

  it('are never told that anything is safe which is not', () => {
    assert.deepEqual(found(/unsafe-|enableCommandUris|dangerously|portMapping|retainContextWhenHidden: true/g), {});
  });
});
