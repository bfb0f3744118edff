import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import { classNamesOf } from '../../src/extension/checkpoint/classNames';
import { fieldEdits, readExperimentText } from '../../src/extension/experiments/experimentText';
import { decodeImage } from '../../src/data/images/decodeImage';
import { entryPath } from '../../src/data/import/entryPath';
import { Staging } from '../../src/data/import/staging';
import { readDataSet } from '../../src/data/readDataSet';
import { configError } from '../../src/protocol/errors';
import { eventSchema } from '../../src/protocol/events';
import { parseConfig } from '../../src/protocol/parseConfig';
import { fromPanelSchema } from '../../src/protocol/webviewMessages';
import { parseExperiment, readExperiment } from '../../src/store/experimentFile';
import { parseJson } from '../../src/store/parseJson';
import { readEvents } from '../../src/store/eventLog';
import { withoutChecksum } from '../../src/store/logChecksum';
import { readRunFile } from '../../src/store/readRun';
import { isRunAlive } from '../../src/store/runLock';
import { idx, idxFiles } from '../data/support/idx';
import { jpeg, writeTree } from '../data/support/images';
import { rejectsWith } from '../store/support/rejects';
import { temporaryFolders } from '../store/support/temporaryFolder';
import { pngChunk, PNG_SIGNATURE } from './inputs/pngFile';
import { events } from './inputs/runFolder';

const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

/** What mutated inputs have broken, each by what it was. */
describe('Found by fuzzing and mended', () => {
  const folder = temporaryFolders();

  describe('messages', () => {
    it('had the line ends, escapes and letters of the other direction of the names that they tell', () => {
      assert.equal(
        configError('"a\n\tb\u001b[31m\u202egnp\ud800" is wrong; mend it.').message,
        '"a b\ufffd[31m\ufffdgnp\ufffd" is wrong; mend it.',
      );
    });
    it('were as long as what they tell; the remedy at their end must stay', () => {
      const { message } = configError(`"${'x'.repeat(1e6)}" is wrong; mend it.`);
      assert.ok(message.length < 1600 && message.endsWith('is wrong; mend it.'));
    });
    it('named each of a hundred thousand fields that no experiment has', () => {
      const fields = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`a${i}`, 0]));
      assert.throws(() => parseConfig(fields), /"a7" is not a field of an experiment; remove it or correct its name; and 92 more\.$/);
    });
  });

  describe('JSON', () => {
    it('of so many levels that the stack did not hold them', () => {
      assert.throws(() => parseJson(deep(5000)), /more than 100 levels/);
      assert.throws(() => parseJson(`{"a":"]]]]","b":${deep(5000)}}`), /more than 100 levels/);
      assert.deepEqual(parseJson(`["${'['.repeat(5000)}","\\"${'{'.repeat(5000)}"]`), ['['.repeat(5000), `"${'{'.repeat(5000)}`]);
      assert.throws(() => parseExperiment(`// "\n{"a":${deep(5000)}}`, 'x.mnemonics.json'), /more than 100 levels/);
      assert.equal(readExperimentText(`{"a":${deep(50_000)}}`, 'x.mnemonics.json').editable, false);
      assert.deepEqual(classNamesOf({ classNames: deep(50_000) }), []);
    });
    it('that takes fifty times its length in memory', () => {
      assert.throws(() => parseJson(`[${'[],'.repeat(500_000)}0]`), /more than 400000 values/);
    });
  });

  describe('an experiment', () => {
    it('whose fields came from the prototype that "__proto__" gave it', () => {
      assert.throws(() => parseExperiment('{\n "__proto__": {"lambda": 0.7}}', 'x'), /has the name "__proto__" at line 2, column 2/);
      assert.deepEqual(parseExperiment('{"name": "__proto__"}', 'x'), { name: '__proto__' });
    });
    it('with −0, which the run that is resumed has as 0', () => {
      const { lambda, alpha1Milestones } = parseConfig(JSON.parse('{"lambda":-0,"alpha1Milestones":[2]}'));
      assert.ok(Object.is(lambda, 0));
      assert.deepEqual(alpha1Milestones, [2]);
    });
    it('set by a --set of thousands of names, or of thousands of levels', async () => {
      const file = join(folder(), 'x.mnemonics.json');
      writeFileSync(file, '{}');
      await rejectsWith(readExperiment(file, [`${'a.'.repeat(30_000)}b=1`]), 2, /names no field of an experiment/);
      await rejectsWith(readExperiment(file, [`lambda=${deep(30_000)}`]), 2, /"lambda" must be a number/);
    });
    it('edited in a field that it does not have, or with a value that no field has', () => {
      assert.throws(() => fieldEdits('{}', 'constructor', 1), /"constructor" is no field of an experiment; choose/);
      assert.equal(fromPanelSchema.safeParse({ type: 'edit', field: 'lambda', value: { a: [] } }).success, false);
      assert.equal(fromPanelSchema.safeParse({ type: 'edit', field: 'phaseSizes', value: [1, 'x'] }).success, true);
    });
  });

  describe('a run folder', () => {
    for (const path of ['../other/exemplars.safetensors', '/etc/passwd', 'phase-00/../../x', 'C:\\x', '..\\x', './x', '.ssh', 'a//b', '']) {
      it(`whose log names the file ${path} outside of it, which a report then held`, () => {
        const lines = Buffer.from(events()).toString('utf8').trimEnd().split('\n');
        const stored = JSON.parse(withoutChecksum(lines.find((line) => line.includes('exemplars-stored')) ?? '')) as object;
        assert.equal(eventSchema.safeParse(stored).success, true);
        assert.equal(eventSchema.safeParse({ ...stored, file: path }).success, false);
      });
    }
    it('in which a pipe or a device stands for a file was waited for', async () => {
      const dir = folder();
      for (const name of ['run.json', 'events.jsonl', 'lock.json']) execFileSync('mkfifo', [join(dir, name)]);
      await rejectsWith(readRunFile(dir), 5, /run\.json can't be read: it is a pipe or device/);
      await rejectsWith(readEvents(join(dir, 'events.jsonl')), 5, /events\.jsonl can't be read: it is a pipe or device/);
      assert.equal(await isRunAlive(dir), false);
    });
    it('with a run.json of megabytes was read whole', async () => {
      const dir = folder();
      writeFileSync(join(dir, 'run.json'), ' '.repeat(2 ** 20 + 1));
      await rejectsWith(readRunFile(dir), 5, /has 1048577 bytes, more than the 1048576/);
    });
  });

  describe('images', () => {
    const header = (width: number, height: number, interlaced: boolean): Buffer => {
      const data = Buffer.alloc(13);
      data.writeUInt32BE(width);
      data.writeUInt32BE(height, 4);
      data.set([8, 2, 0, 0, interlaced ? 1 : 0], 8);
      return pngChunk('IHDR', data);
    };
    const image = (...chunks: Buffer[]) => Buffer.concat([PNG_SIGNATURE, ...chunks, pngChunk('IEND', Buffer.alloc(0))]);
    const pixels = (bytes: number) => pngChunk('IDAT', deflateSync(Buffer.alloc(bytes)));

    it('of a few bytes that say they are a hundred megapixels', () => {
      const photo = jpeg(16, 16, () => [1, 2, 3]);
      const frame = photo.indexOf(Buffer.from([0xff, 0xc0]));
      photo.writeUInt16BE(9_999, frame + 5);
      photo.writeUInt16BE(9_999, frame + 7);
      assert.throws(() => decodeImage(photo, 'x.jpg'), /x\.jpg can't be decoded as a JPEG image: maxResolutionInMP limit exceeded/);
      assert.throws(() => decodeImage(image(header(9_999, 9_999, false), pixels(100)), 'x.png'), /9999 × 9999 pixels are more than/);
    });
    it('that unpack to more than they have, where rows are interlaced', () => {
      assert.throws(() => decodeImage(image(header(8, 8, true), pixels(5e6)), 'x.png'), /it holds more than its pixels/);
    });
    it('with a second header, of another size', () => {
      assert.throws(() => decodeImage(image(header(8, 8, false), header(9_999, 9_999, false), pixels(200)), 'x.png'), /the one header/);
    });
    it('that are pipes or lead to devices', async () => {
      const dir = writeTree(folder(), { 'cat/1.png': 'x', 'dog/1.png': 'x' });
      execFileSync('mkfifo', [join(dir, 'cat', '2.png')]);
      await rejectsWith(readDataSet('image-folder', dir), 3, /2\.png is no ordinary file; replace it/);
    });
  });

  describe('packed data', () => {
    it('of which a hundred kilobytes unpack to a hundred megabytes', async () => {
      const { 'train-images-idx3-ubyte': _, ...files } = idxFiles(6, 3, 4);
      const dir = writeTree(folder(), {
        ...files,
        'train-images-idx3-ubyte.gz': gzipSync(idx(0x803, [60, 1000, 1000], 60e6), { level: 1 }),
      });
      await rejectsWith(readDataSet('idx', dir), 3, /can't be unpacked.+would unpack to more than 50331648 bytes/);
    });
    it('with a member whose name a terminal would obey', () => {
      for (const name of ['a\nb/1.png', '\u001b[2J.png', '\u202egnp.png'])
        assert.throws(() => entryPath(name, 'x.tar'), /whose name has control characters/);
    });
    it('with a member of a terabyte', async () => {
      const staging = Staging.open(folder(), 'idx', 'source', new AbortController().signal);
      const content = (async function* () {})();
      await rejectsWith(staging.copy({ path: 'x', size: 1e12, identity: '', content }), 3, /"x" would have 1000000000000 bytes/);
      staging.discard();
    });
  });
});
