import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { temporaryFolders } from '../store/support/temporaryFolder';

const SCRIPT = join(__dirname, '../../scripts/audit.mjs');

describe('the audit of packages', function () {
  this.timeout(60_000);
  const folder = temporaryFolders();
  let server: Server;
  let registry: string;
  /** What the registry answers; null where it refuses to. */
  let advisories: object | null;
  const advisory = (severity: string) => ({
    id: 1,
    url: 'https://advisories.test/1',
    title: 'Writes outside of the target',
    severity,
    vulnerable_versions: '<99.0.0',
    cwe: ['CWE-22'],
    cvss: { score: 8, vectorString: null },
  });

  before((done) => {
    server = createServer((request, response) => {
      const answer = request.method === 'POST' && request.url?.endsWith('/advisories/bulk') ? advisories : null;
      request.resume().on('end', () => {
        response.writeHead(answer ? 200 : 405, { 'content-type': 'application/json' });
        response.end(JSON.stringify(answer ?? {}));
      });
    }).listen(0, '127.0.0.1', () => {
      registry = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
      done();
    });
  });
  after(() => server.close());

  /** Runs the script, with the real npm, against a registry; npm keeps what it was told in a cache. */
  function audit(of: string): Promise<{ code: number | null; stdout: string }> {
    const args = [SCRIPT, '--registry', of, '--cache', folder(), '--fetch-retries=0', '--fetch-timeout=5000'];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    return new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout })));
  }

  it('fails at a weakness of high severity in what is shipped, naming the package', async () => {
    advisories = { zod: [advisory('high')] };
    const { code, stdout } = await audit(registry);
    assert.match(stdout, /^zod .*high: Writes outside of the target \(https:\/\/advisories\.test\/1\); update it\.\n1 packages/);
    assert.equal(code, 1);
  });

  it('passes where there are lesser ones', async () => {
    advisories = { zod: [advisory('moderate')] };
    assert.deepEqual(await audit(registry), { code: 0, stdout: '0 packages with weaknesses of high severity; 1 of lower.\n' });
  });

  it('says that the registry could not be asked, which is no failure', async () => {
    advisories = null;
    const refused = await audit(registry);
    assert.match(refused.stdout, /^The registry can't be asked for weaknesses of packages: .*405/);
    assert.equal(refused.code, 75);
  });
});
