import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { dataError } from '../../protocol/errors';
import { foldersIn, imagesIn } from './listImages';

/** An image file of a tree, by its path relative to the tree, with `/`. */
export interface TreeFile {
  readonly path: string;
  readonly label: number;
}

/** A folder of images as it is divided into classes and parts. */
export interface ImageTree {
  /** Sorted names of the class folders: a class's place is its label. */
  readonly classNames: readonly string[];
  readonly train: readonly TreeFile[];
  readonly test: readonly TreeFile[];
}

/** Folders of the images to test with, in order of preference. */
const TEST_FOLDERS = ['val', 'test'];
/** Without them, of each class's images by name every so many is for testing: 80 % train, 20 % test, always the same ones. */
const TEST_EVERY = 5;

/**
 * Lists a folder of images: `train/<class>/…` with `val/<class>/…` or `test/<class>/…`; or `<class>/…`, where of each class's images by name
 * the fifth, tenth, … are for testing.
 * @param choose takes a part of the class folders, by their sorted names
 * @throws LabError `data-invalid` naming the folder: no class folders, an empty one, parts with different classes.
 */
export function listImageTree(folder: string, choose: (classes: readonly string[]) => readonly string[]): ImageTree {
  const divided = existsSync(join(folder, 'train'));
  const train = divided ? 'train' : '';
  const classNames = choose(classesOf(join(folder, train)));
  if (!divided) {
    const all = classNames.map((name, label) => filesOf(folder, '', name, label));
    const tested = (i: number) => i % TEST_EVERY === TEST_EVERY - 1;
    return {
      classNames,
      train: all.flatMap((files) => files.filter((_, i) => !tested(i))),
      test: all.flatMap((files) => files.filter((_, i) => tested(i))),
    };
  }
  const test = TEST_FOLDERS.find((name) => existsSync(join(folder, name)));
  if (!test) throw dataError(`${folder} has a folder train, but neither val nor test beside it; add one, with the same class folders.`);
  const tested = new Set(classesOf(join(folder, test)));
  const missing = classNames.find((name) => !tested.has(name));
  if (missing !== undefined)
    throw dataError(
      `${join(folder, test)} has no folder for the class ${missing} of ${join(folder, train)}; add it, with images to test with.`,
    );
  const known = new Set(classesOf(join(folder, train)));
  const strange = [...tested].find((name) => !known.has(name));
  if (strange !== undefined)
    throw dataError(
      `${join(folder, test, strange)} is a class without training images in ${join(folder, train)}; add them or remove the folder.`,
    );
  const part = (name: string) => classNames.flatMap((className, label) => filesOf(folder, name, className, label));
  return { classNames, train: part(train), test: part(test) };
}

function classesOf(dir: string): string[] {
  const names = foldersIn(dir);
  if (names.length > 0) return names;
  const loose = imagesIn(dir).length;
  throw dataError(
    loose > 0
      ? `${dir} has ${loose} images, but no folder for each class; sort them into folders that are called as the classes.`
      : `${dir} has no images; it must hold a folder for each class with JPEG or PNG files.`,
  );
}

function filesOf(folder: string, part: string, name: string, label: number): TreeFile[] {
  const dir = join(folder, part, name);
  const images = imagesIn(dir);
  if (images.length === 0) throw dataError(`The class folder ${dir} has no JPEG or PNG images; add some or remove the folder.`);
  return images.map((image) => ({ path: [part, name, image].filter((step) => step !== '').join('/'), label }));
}
