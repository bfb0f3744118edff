import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, truncateSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EventLog, readEvents } from '../../src/store/eventLog';
import { rejectsWith } from './support/rejects';
import { START, progress, runStarted } from './support/sampleRun';
import { temporaryFolders } from './support/temporaryFolder';

describe('EventLog', () => {
  const folder = temporaryFolders();
  const written = (...losses: number[]) => {
    const path = join(folder(), 'events.jsonl');
    const log = EventLog.open(path);
    log.append(runStarted(), START);
    for (const [i, loss] of losses.entries()) log.append(progress(loss), { phase: 0, stage: 'train', step: i });
    log.close();
    return path;
  };
  const losses = async (path: string) => (await readEvents(path)).flatMap((event) => (event.kind === 'progress' ? [event.loss] : []));

  it('numbers, dates and places events, and gives back what it wrote', async () => {
    const path = join(folder(), 'events.jsonl');
    const log = EventLog.open(path);
    const before = Date.now();
    const first = log.append(runStarted(), START);
    const second = log.append(progress(1.5), { phase: 0, stage: 'train', step: 7 });
    assert.deepEqual([first.seq, second.seq, second.phase, second.stage, second.step], [0, 1, 0, 'train', 7]);
    assert.ok(first.time >= before && first.time <= Date.now());
    // Before it is closed: what is told to the editor is in the file already.
    assert.deepEqual(await readEvents(path), [first, second]);
    log.close();
  });

  it('goes on with the numbers when it is opened again', async () => {
    const path = written(1, 2);
    const log = EventLog.open(path);
    assert.equal(log.append(progress(3), START).seq, 3);
    log.close();
    assert.deepEqual(await losses(path), [1, 2, 3]);
  });

  it('reads over a last line torn at any byte, and cuts it off before it goes on', async () => {
    const complete = written(1, 2);
    const text = readFileSync(complete);
    const lastLine = text.lastIndexOf('\n', text.byteLength - 2) + 1;
    for (let end = lastLine + 1; end < text.byteLength; end += 17) {
      const path = join(folder(), 'events.jsonl');
      writeFileSync(path, text.subarray(0, end));
      assert.deepEqual(await losses(path), [1]);
      const log = EventLog.open(path);
      assert.equal(log.append(progress(9), START).seq, 2);
      log.close();
      assert.deepEqual(await losses(path), [1, 9]);
    }
  });

  it('does not count a last line that lacks only its line break', async () => {
    const path = written(1, 2);
    truncateSync(path, statSync(path).size - 1);
    assert.deepEqual(await losses(path), [1]);
  });

  it('refuses a damaged line in the middle, naming it', async () => {
    const path = written(1, 2, 3);
    const lines = readFileSync(path, 'utf8').split('\n');
    writeFileSync(path, lines.with(2, lines[2]!.slice(0, 40)).join('\n'));
    await rejectsWith(readEvents(path), 5, /Line 3 of .*events\.jsonl can't be used: it is not JSON/);
  });

  it('refuses a damaged last line that was written to its end', async () => {
    const path = written(1);
    appendFileSync(path, '{"seq":2}\n');
    await rejectsWith(readEvents(path), 5, /Line 3 of/);
    await rejectsWith(() => EventLog.open(path), 5, /The last line of .*events\.jsonl/);
  });

  it('refuses a log in which a line is missing or repeated', async () => {
    const path = written(1, 2, 3);
    const lines = readFileSync(path, 'utf8').split('\n');
    for (const changed of [lines.toSpliced(2, 1), lines.toSpliced(2, 0, lines[1]!)]) {
      writeFileSync(path, changed.join('\n'));
      await rejectsWith(readEvents(path), 5, /Line 3 of .* has the number/);
    }
  });

  it('notices every changed bit, also one that leaves a line valid', async () => {
    const path = written(1.25, 2.5, 3.75);
    const log = EventLog.open(path);
    log.append({ kind: 'stage-ended', seconds: 12.5 }, { phase: 0, stage: 'train', step: 3 });
    log.close();
    const sound = readFileSync(path);
    // From where the long first line ends; of that one each 7th byte.
    for (let at = 0; at < sound.byteLength - 1; at += at < sound.indexOf('\n') ? 7 : 1) {
      const changed = Buffer.from(sound);
      changed[at]! ^= 1 << (at % 8);
      writeFileSync(path, changed);
      await rejectsWith(readEvents(path), 5, /events\.jsonl (can't be used|was written by a newer)/);
    }
    writeFileSync(path, sound.toString().replace('3.75', '3.85'));
    await rejectsWith(readEvents(path), 5, /Line 5 of .*it, or one before it, is not as it was written by its checksum/);
  });

  it('has a checksum at least every 64 KiB of progress, over any number of processes', async () => {
    const path = written();
    for (let step = 0; step < 1200; step += 100) {
      const log = EventLog.open(path);
      for (let i = step; i < step + 100; i++) log.append(progress(i), { phase: 0, stage: 'train', step: i });
      log.close();
    }
    assert.equal((await losses(path)).length, 1200);
    const sealed = readFileSync(path, 'utf8')
      .split('\n')
      .flatMap((line, i) => (line.includes('"crc32"') ? [i] : []));
    assert.deepEqual([sealed[0], sealed.length >= 3], [0, true]);
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace('"loss":7,', '"loss":8,'));
    await rejectsWith(readEvents(path), 5, new RegExp(`Line ${sealed[1]! + 1} of`));
  });

  it('reads and goes on with a log of before there were checksums', async () => {
    const path = written(1, 2);
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll(/,"crc32":"[0-9a-f]{8}"/g, ''));
    const log = EventLog.open(path);
    log.append({ kind: 'warning', message: 'é' }, START);
    log.close();
    assert.equal((await readEvents(path)).length, 4);
    writeFileSync(path, readFileSync(path, 'utf8').replace('"loss":2', '"loss":3'));
    await rejectsWith(readEvents(path), 5, /Line 4 of .* by its checksum/);
  });

  it('refuses events of a newer version by name', async () => {
    const path = written(1);
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll('"schemaVersion":1', '"schemaVersion":2'));
    await rejectsWith(readEvents(path), 5, /newer Mnemonics Lab \(schemaVersion 2, known here up to 1\); update/);
  });

  it('names a log that is missing', () =>
    rejectsWith(readEvents('/nowhere/events.jsonl'), 5, /events\.jsonl can't be read: it isn't there/));
  it('begins empty for an empty file', async () => {
    const path = join(folder(), 'events.jsonl');
    writeFileSync(path, '');
    assert.deepEqual(await readEvents(path), []);
    const log = EventLog.open(path);
    assert.equal(log.append(runStarted(), START).seq, 0);
    log.close();
  });
});
