/** A file of what is imported. */
export interface SourceFile {
  /** Relative, with `/`; never leads out of where it is put. */
  readonly path: string;
  /** In bytes, unpacked. */
  readonly size: number;
  /** Tells whether it is still the same file in a later try. */
  readonly identity: string;
  readonly content: AsyncIterable<Uint8Array>;
}

/** What is imported: a folder or an archive. */
export interface ImportSource {
  /** As the user named it, absolute. */
  readonly path: string;
  /** What there is to read, in bytes: the measure of progress. */
  readonly totalBytes: number;
  /** Bytes that will be written, at least. */
  readonly neededBytes: number;
  /** MD5 of a whole archive, once all of it is read; null for folders and for archives that are not read from end to end. */
  md5(): string | null;
  /**
   * Visits every file, one after the other; a file's content is read during its visit or not at all.
   * @throws LabError `data-invalid` naming the archive where it is damaged, cut short, or leads out of where it is put
   */
  each(visit: (file: SourceFile) => Promise<void>, onBytes: (count: number) => void, signal: AbortSignal): Promise<void>;
}
