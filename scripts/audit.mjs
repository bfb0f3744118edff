// Known weaknesses of high severity in the packages that the product is made of: `node scripts/audit.mjs [OPTIONS OF npm audit]`.
// Exit code 1 where there is one; 75 ("try again later") where the registry can't be asked, which is nobody's mistake here.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const NOT_ASKED = 75;
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

const args = ['audit', '--omit=dev', '--json', '--fetch-retries=1', ...process.argv.slice(2)];
const { stdout, stderr, error } = spawnSync('npm', args, {
  cwd: root,
  encoding: 'utf8',
  timeout: 120_000,
  maxBuffer: 64 * 2 ** 20,
  shell: process.platform === 'win32',
});
const answer = parsed(stdout ?? '');
if (!answer?.metadata?.vulnerabilities) {
  const why = answer?.message ?? answer?.error?.summary ?? error?.message ?? stderr?.trim().split('\n').at(-1) ?? '';
  console.log(`The registry can't be asked for weaknesses of packages: ${why || 'no answer'}`);
  process.exit(NOT_ASKED);
}
const found = Object.values(answer.vulnerabilities).filter(({ severity }) => ['high', 'critical'].includes(severity));
for (const { name, severity, range, via } of found) {
  const titles = via.map((cause) => (typeof cause === 'string' ? `by ${cause}` : `${cause.title} (${cause.url})`));
  console.log(`${name} ${range}: ${severity}: ${titles.join('; ')}; update it.`);
}
const { low = 0, moderate = 0 } = answer.metadata.vulnerabilities;
console.log(`${found.length} packages with weaknesses of high severity; ${low + moderate} of lower.`);
process.exit(found.length > 0 ? 1 : 0);

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
