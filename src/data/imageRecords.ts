import type { Content } from './fileContent';

/** How the records of a file are made: label bytes, then one plane of `pixels` bytes after the other. */
export interface RecordForm {
  readonly labelBytes: number;
  readonly pixels: number;
  readonly channels: number;
}

export const recordBytes = ({ labelBytes, pixels, channels }: RecordForm): number => labelBytes + channels * pixels;

/** Images that stay in their files' records until they are asked for: CIFAR would be 0.2 GB of memory all through a run. */
export class ImageRecords {
  private readonly record: Uint8Array;
  private readonly image: Uint8Array;

  /**
   * @param files one after the other
   * @param chosen numbers of the records that are the images, over all files
   */
  constructor(
    private readonly files: readonly Content[],
    private readonly form: RecordForm,
    private readonly chosen: Uint32Array,
  ) {
    this.record = new Uint8Array(recordBytes(form));
    this.image = new Uint8Array(form.channels * form.pixels);
  }

  /**
   * Image `i`, [H, W, C], 0 … 255; it holds until the next one is read.
   * @throws LabError `data-invalid` naming the file where it was changed since the data set was read.
   */
  read(i: number): Uint8Array {
    const { form, record, image } = this;
    const { labelBytes, pixels, channels } = form;
    this.find(this.chosen[i] ?? -1);
    for (let channel = 0; channel < channels; channel++) {
      const plane = labelBytes + channel * pixels;
      for (let pixel = 0; pixel < pixels; pixel++) image[pixel * channels + channel] = record[plane + pixel]!;
    }
    return image;
  }

  select(chosen: readonly number[]): ImageRecords {
    return new ImageRecords(
      this.files,
      this.form,
      Uint32Array.from(chosen, (i) => this.chosen[i] ?? 0),
    );
  }

  private find(number: number): void {
    let from = number * this.record.length;
    for (const file of this.files) {
      if (from >= 0 && from < file.size) return file.read(from, this.record);
      from -= file.size;
    }
    throw new Error(`No record ${number}`);
  }
}
