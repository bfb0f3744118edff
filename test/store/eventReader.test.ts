import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import type { RunEvent } from '../../src/protocol/events';
import { foldEvents } from '../../src/protocol/foldEvents';
import { EventLog, readEvents } from '../../src/store/eventLog';
import { EventReader } from '../../src/store/eventReader';
import { readCondensed, readView } from '../../src/store/readHistory';
import { randomLog } from './support/randomLog';
import { rejectsWith } from './support/rejects';
import { START, progress, runStarted } from './support/sampleRun';
import { temporaryFolders } from './support/temporaryFolder';

const TRAIN = { phase: 0, stage: 'train', step: 1 } as const;

describe('reading a log', () => {
  const folder = temporaryFolders();
  const path = () => join(folder(), 'events.jsonl');
  const begun = (file: string) => {
    const log = EventLog.open(file);
    log.append(runStarted(), START);
    return log;
  };
  const textOf = (events: readonly RunEvent[]) => events.map((event) => `${JSON.stringify(event)}\n`).join('');

  it('gives all events of any log, in whatever pieces it grows', async () => {
    await fc.assert(
      fc.asyncProperty(randomLog, fc.array(fc.nat()), async (events, cuts) => {
        const bytes = Buffer.from(textOf(events));
        const file = path();
        const [reader, read] = [new EventReader(file), [] as RunEvent[]];
        writeFileSync(file, '');
        for (const end of [...cuts.map((cut) => cut % (bytes.byteLength + 1)), bytes.byteLength].sort((a, b) => a - b)) {
          appendFileSync(file, bytes.subarray(statSync(file).size, end));
          await reader.read((event) => read.push(event));
          // A line counts once its line break is there, and at once.
          assert.equal(read.length, bytes.subarray(0, end).filter((byte) => byte === 10).length);
        }
        assert.deepEqual(read, events);
        assert.deepEqual(await readView(dirname(file)), foldEvents(events));
        assert.deepEqual(await readCondensed(dirname(file)), events);
      }),
      { numRuns: 30 },
    );
  });

  it('takes lines longer than what is read at once, and words of any script at its borders', async () => {
    const file = path();
    const log = begun(file);
    const messages = ['é'.repeat(65_535), '漢'.repeat(100_000), '🦉'.repeat(50_000), 'x'.repeat(700_000), 'end'];
    for (const message of messages) {
      log.append(progress(1), TRAIN);
      log.append({ kind: 'warning', message }, TRAIN);
    }
    log.close();
    const read = (await readEvents(file)).flatMap((event) => (event.kind === 'warning' ? [event.message] : []));
    assert.deepEqual(read, messages);
    // Going on needs the last line alone, however long it is.
    truncateSync(file, readFileSync(file).lastIndexOf('{'));
    const again = EventLog.open(file);
    assert.equal(again.append(progress(2), TRAIN).seq, 2 * messages.length);
    again.append({ kind: 'warning', message: messages[3] ?? '' }, TRAIN);
    again.close();
    assert.equal(EventLog.open(file).append(progress(3), TRAIN).seq, 2 * messages.length + 2);
  });

  it('refuses a line that is longer than any event instead of taking the memory for it', async () => {
    const file = path();
    begun(file).close();
    appendFileSync(file, Buffer.alloc(40 << 20, 'x'));
    await rejectsWith(readEvents(file), 5, /Line 2 of .* is longer than any event/);
  });

  it('says what is wrong with a progress line as with any other', async () => {
    const file = path();
    const log = begun(file);
    log.append(progress(1), TRAIN);
    log.close();
    const text = readFileSync(file, 'utf8');
    for (const [from, to, problem] of [
      ['"fractionDone":0.25', '"fractionDone":1.5', /Line 2 of .*"fractionDone": Too big/],
      ['"loss":1', '"loss":1,"more":2', /Line 2 of .*more/],
      ['"schemaVersion":1,"seq":1', '"schemaVersion":2,"seq":1', /Line 2 of .*newer Mnemonics Lab \(schemaVersion 2/],
      ['"seq":1', '"seq":2', /Line 2 of .*has the number 2 instead of 1/],
      ['"loss":1', '"loss":1e999', /Line 2 of .*"loss"/],
      ['"kind":"progress"', '"kind":"progess"', /Line 2 of .*"kind"/],
    ] as const) {
      writeFileSync(file, text.replace(from, to));
      await rejectsWith(readEvents(file), 5, problem);
    }
  });

  it('names a folder in the place of a log', async () => {
    const file = path();
    mkdirSync(file);
    await rejectsWith(readEvents(file), 5, /events\.jsonl can't be read: it is a folder/);
    await rejectsWith(() => EventLog.open(file), 5, /events\.jsonl can't be read: it is a folder/);
  });
});
