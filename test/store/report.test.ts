import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { foldEvents } from '../../src/protocol/foldEvents';
import { reportDataSchema, type ReportData } from '../../src/protocol/reportData';
import { float32, int32 } from '../../src/store/dtypes';
import { writeReport } from '../../src/store/report';
import { readReportExemplars } from '../../src/store/reportExemplars';
import { RunFolder } from '../../src/store/runFolder';
import { EventLog, readEvents } from '../../src/store/eventLog';
import { rejectsWith } from './support/rejects';
import { START, progress, runStarted, sampleRunFile } from './support/sampleRun';
import { temporaryFolders } from './support/temporaryFolder';

const ASSETS = { js: 'const a = "</script><!--<script>";\r\nconsole.log(a)', css: 'b{content:"</style>"}' };

/** What a browser takes as the content of the first element with that opening tag. */
const contentOf = (html: string, tag: 'script' | 'style', opening: string) => {
  const start = html.indexOf(opening) + opening.length;
  return html.slice(start, html.indexOf(`</${tag}`, start));
};
const dataOf = (html: string): ReportData => reportDataSchema.parse(JSON.parse(contentOf(html, 'script', 'id="mnemonics-report-data">')));

describe('A report', () => {
  const folder = temporaryFolders();

  /** A run with three exemplars of two classes in each of two phases. */
  const makeRun = async (name = 'run') => {
    const dir = join(folder(), name);
    const run = await RunFolder.create(dir, sampleRunFile());
    run.append(runStarted(), START);
    for (const phase of [0, 1]) {
      const file = `phase-0${phase}/exemplars.safetensors`;
      const pixels = (from: number) => float32([3, 1, 1, 2], new Float32Array([0, 1, 2, 3, 4, 5].map((x) => x + from)));
      await run.writeTensors(
        file,
        new Map([
          ['before', pixels(0)],
          ['after', pixels(10)],
          ['classes', int32([3], new Int32Array([0, 0, 1]))],
        ]),
      );
      run.append({ kind: 'exemplars-stored', file, changes: [], meanChange: 10 }, { phase, stage: null, step: 0 });
    }
    await run.close();
    return dir;
  };
  const floats = (base64: string) => [...new Float32Array(Uint8Array.from(Buffer.from(base64, 'base64')).buffer)];

  it('holds events and exemplars of each run, in the schema of the page', async () => {
    const dirs = [await makeRun('first'), await makeRun('second')];
    const out = join(folder(), 'out', 'report.html');
    assert.deepEqual(await writeReport(dirs, out, ASSETS), { notices: [] });
    const { runs } = dataOf(readFileSync(out, 'utf8'));
    assert.deepEqual(
      runs.map(({ title }) => title),
      ['first', 'second'],
    );
    assert.deepEqual(runs[0]?.events, await readEvents(join(dirs[0]!, 'events.jsonl')));
    assert.deepEqual(
      runs[0]?.exemplars.map(({ phase, classes, after }) => [phase, classes, floats(after)]),
      [
        [0, [0, 0, 1], [10, 11, 12, 13, 14, 15]],
        [1, [0, 0, 1], [10, 11, 12, 13, 14, 15]],
      ],
    );
  });

  it('lets nothing in it end a script early, and allows its one script by its hash', async () => {
    const dir = await makeRun('x');
    const log = EventLog.open(join(dir, 'events.jsonl'));
    log.append({ kind: 'warning', message: '</script><script>alert(1)</script><!--' }, START);
    log.close();
    const out = join(folder(), 'report.html');
    await writeReport([dir], out, ASSETS);
    const html = readFileSync(out, 'utf8');
    assert.equal(html.match(/<script/g)?.length, 2);
    assert.equal(html.match(/<\/script/g)?.length, 2);
    assert.ok(!html.slice(html.indexOf('<body>')).includes('<!--'));
    assert.equal(html.match(/<\/style/g)?.length, 1);
    const nonce = /<style nonce="([\w-]{22})">/.exec(html)?.[1] ?? '';
    const script = contentOf(html, 'script', `<script nonce="${nonce}">`);
    assert.ok(html.includes(`script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'`));
    // The escaped script means what the original meant.
    let said = '';
    new Function('console', script)({ log: (text: string) => (said = text) });
    assert.equal(said, '</script><!--<script>');
    assert.match(html, /default-src 'none'/);
    assert.ok(html.includes(`style-src 'nonce-${nonce}'`));
    assert.doesNotMatch(html, /unsafe-|https?:(?!\/\/www\.w3\.org)/);
    assert.doesNotMatch(html, /(src|href)=/);
  });

  it('shows the first exemplars of each class where all are too many, and says so', async () => {
    const dir = await makeRun();
    const events = await readEvents(join(dir, 'events.jsonl'));
    const { exemplars, left } = await readReportExemplars(dir, events, 64);
    assert.deepEqual(
      exemplars.map(({ classes, before }) => [classes, floats(before)]),
      [
        [
          [0, 1],
          [0, 1, 4, 5],
        ],
        [
          [0, 1],
          [0, 1, 4, 5],
        ],
      ],
    );
    assert.match(left ?? '', /first 1 of 2 exemplars of each class/);
    assert.equal((await readReportExemplars(dir, events, 96)).left, null);
  });

  it('of a long run is as small as of a short one', async () => {
    const dir = await makeRun();
    const log = EventLog.open(join(dir, 'events.jsonl'));
    for (let i = 0; i < 30_000; i++) log.append(progress(i), { phase: 0, stage: 'train', step: i });
    log.append({ kind: 'run-ended', outcome: 'completed', error: null }, START);
    log.close();
    const out = join(folder(), 'report.html');
    await writeReport([dir], out, ASSETS);
    const events = dataOf(readFileSync(out, 'utf8')).runs[0]?.events ?? [];
    assert.ok(events.length > 10_000 && events.length <= 20_000, `${events.length}`);
    assert.deepEqual([events[0]?.kind, events.at(-2)?.step, foldEvents(events)?.state], ['run-started', 29_999, 'completed']);
  });

  it('is not written for a folder without a run', () =>
    rejectsWith(writeReport([folder()], '/nowhere/x.html', ASSETS), 5, /events\.jsonl can't be read/));
});
