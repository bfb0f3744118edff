import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { decodeImage } from '../../../src/data/images/decodeImage';
import { rejectsWith } from '../../store/support/rejects';
import { greyPng, jpeg, png, withOrientation, withSegment, type Paint } from '../support/images';

const decode = (bytes: Uint8Array) => decodeImage(bytes, 'photo');
/** Blocks of a JPEG's size in plain colours, which it keeps but for rounding. */
const QUARTERS: Paint = (x, y) => (y < 8 ? (x < 16 ? [250, 0, 0] : [0, 250, 0]) : x < 16 ? [0, 0, 250] : [250, 250, 250]);
const COLOURS = { red: [250, 0, 0], green: [0, 250, 0], blue: [0, 0, 250], white: [250, 250, 250] };

function colourAt({ width, pixels }: { width: number; pixels: Uint8Array }, x: number, y: number): string {
  const at = (y * width + x) * 3;
  const near = (colour: readonly number[]) => colour.every((value, c) => Math.abs(value - (pixels[at + c] ?? 0)) < 12);
  return Object.entries(COLOURS).find(([, colour]) => near(colour))?.[0] ?? `${pixels.subarray(at, at + 3).join(' ')}`;
}

describe('A decoded image', () => {
  it('is the pixels of a PNG, exactly', () => {
    const paint: Paint = (x, y) => [x * 10, y * 20, x + y];
    const { width, height, pixels } = decode(png(5, 3, paint));
    assert.deepEqual([width, height, [...pixels.subarray(3 * (5 + 2), 3 * (5 + 3))]], [5, 3, [20, 20, 3]]);
  });

  it('is three equal channels of a grey PNG, and the colours alone of one with transparency', () => {
    assert.deepEqual([...decode(greyPng(2, 1, (x) => 7 + x)).pixels], [7, 7, 7, 8, 8, 8]);
    assert.deepEqual([...decode(png(1, 1, () => [10, 20, 30], 0)).pixels], [10, 20, 30]);
  });

  it('is the upper eight bits of a PNG with sixteen', () => {
    const image = new PNG({ width: 1, height: 1 });
    image.data.set([12, 200, 99, 255]);
    const bytes = PNG.sync.write(image, { colorType: 2, bitDepth: 16, inputHasAlpha: true });
    assert.equal(decode(bytes).pixels.length, 3);
  });

  /** What stands in the corners, row by row, after turning as EXIF says; as stored: red green / blue white. */
  const TURNED: [orientation: number, corners: string[]][] = [
    [1, ['red', 'green', 'blue', 'white']],
    [2, ['green', 'red', 'white', 'blue']],
    [3, ['white', 'blue', 'green', 'red']],
    [4, ['blue', 'white', 'red', 'green']],
    [5, ['red', 'blue', 'green', 'white']],
    [6, ['blue', 'red', 'white', 'green']],
    [7, ['white', 'green', 'blue', 'red']],
    [8, ['green', 'white', 'red', 'blue']],
  ];
  for (const [orientation, corners] of TURNED) {
    it(`is turned as EXIF's orientation ${orientation} says`, () => {
      for (const little of [false, true]) {
        const image = decode(withOrientation(jpeg(32, 16, QUARTERS), orientation, little));
        const [w, h] = orientation < 5 ? [32, 16] : [16, 32];
        assert.deepEqual([image.width, image.height], [w, h]);
        const places = [
          [2, 2],
          [w - 3, 2],
          [2, h - 3],
          [w - 3, h - 3],
        ] as const;
        assert.deepEqual(
          places.map(([x, y]) => colourAt(image, x, y)),
          corners,
        );
      }
    });
  }

  it('takes no harm from damaged EXIF data', () => {
    const image = decode(withSegment(jpeg(32, 16, QUARTERS), 0xe1, Buffer.from('Exif\0\0MM\0*\xff\xff\xff\xff')));
    assert.equal(colourAt(image, 2, 2), 'red');
  });

  const fixture = (name: string) => readFileSync(join(__dirname, 'fixtures', name));
  it('is right for a progressive, a grey, an RGB and an inverted CMYK JPEG', () => {
    const expected = JSON.parse(fixture('jpegs.json').toString()) as Record<string, number[]>;
    for (const [name, colour] of Object.entries(expected)) {
      const { pixels } = decode(fixture(`${name}.jpg`));
      const worst = Math.max(...colour.map((value, c) => Math.abs(value - (pixels[c] ?? 0))));
      assert.ok(worst <= 3, `${name}: ${pixels.subarray(0, 3).join(' ')} for ${colour.join(' ')}`);
    }
  });

  it("is close to libjpeg's of a photograph whose colours are stored at half size", () => {
    const expected = Buffer.from(JSON.parse(fixture('photo.json').toString()) as string, 'base64');
    const { pixels } = decode(fixture('photo.jpg'));
    const differences = Array.from(expected, (value, i) => Math.abs(value - (pixels[i] ?? 0)));
    // libjpeg smooths colours between their pixels, jpeg-js repeats them; brightness is the same.
    const brightness = (at: ArrayLike<number>, i: number) => 0.299 * at[i]! + 0.587 * at[i + 1]! + 0.114 * at[i + 2]!;
    const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    const byBrightness = mean(Array.from({ length: 48 * 40 }, (_, i) => Math.abs(brightness(expected, 3 * i) - brightness(pixels, 3 * i))));
    if (process.env['PRINT_ERRORS']) console.log(`      mean difference ${mean(differences)}, of brightness ${byBrightness}`);
    assert.ok(byBrightness < 4 && mean(differences) < 10);
  });

  const photo = jpeg(64, 48, (x, y) => [(7 * x) % 256, (5 * y) % 256, (x * y) % 256]);
  const drawing = png(64, 48, (x, y) => [(7 * x) % 256, (5 * y) % 256, (x * y) % 256]);
  const changed = Buffer.from(drawing);
  const inside = Math.floor(drawing.length / 2);
  changed[inside] = (changed[inside] ?? 0) ^ 0xff;
  const WRONG: [title: string, bytes: Uint8Array, message: RegExp][] = [
    ['is empty', new Uint8Array(0), /^photo is no JPEG and no PNG image \(0 bytes\)/],
    ['is another file', Buffer.from('GIF89a ...'), /no JPEG and no PNG/],
    ['is a JPEG cut short', photo.subarray(0, photo.length / 2), /photo can't be decoded as a JPEG image: it is cut short; replace it/],
    ['is the beginning of a JPEG', photo.subarray(0, 20), /can't be decoded as a JPEG/],
    ['is a PNG cut short', drawing.subarray(0, drawing.length / 2), /can't be decoded as a PNG image/],
    ['is a PNG with a changed byte', changed, /can't be decoded as a PNG image/],
  ];
  for (const [title, bytes, message] of WRONG)
    it(`is refused by name where it ${title}`, () => rejectsWith(() => decode(bytes), 3, message));
});
