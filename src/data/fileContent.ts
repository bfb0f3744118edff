import { closeSync, readSync } from 'node:fs';
import { dataError } from '../protocol/errors';
import { openOrdinarySync } from '../store/readText';
import { isSameStamp, stampOf, type FileStamp } from './fileStamp';
import type { DataFile } from './readDataFile';

/** The bytes of a data set's file, of which some are asked for at a time. */
export interface Content {
  /** As it was found, for messages. */
  readonly path: string;
  readonly size: number;
  /** Fills `into` with the bytes from `from` on. @throws LabError `data-invalid` where the file was changed since it was first opened */
  read(from: number, into: Uint8Array): void;
  /** Closes the file until more of it is read: an open one would keep its folder from being moved on some systems. */
  close(): void;
}

/** All of a file in memory, such as one that had to be unpacked. */
export const memoryContent = ({ path, bytes }: DataFile): Content => ({
  path,
  size: bytes.byteLength,
  read: (from, into) => into.set(bytes.subarray(from, from + into.length)),
  close: () => undefined,
});

/** A file that is read where it lies: the system keeps of it what memory has room for. */
export class FileContent implements Content {
  private readonly stamp: FileStamp;
  private file: number | null;

  /** @throws Error a system error, or one whose message is a clause with a remedy */
  constructor(readonly path: string) {
    this.file = openOrdinarySync(path);
    this.stamp = stampOf(this.file);
  }

  get size(): number {
    return this.stamp.size;
  }

  read(from: number, into: Uint8Array): void {
    this.file ??= this.openedAgain();
    if (readSync(this.file, into, 0, into.length, from) !== into.length) throw this.wasChanged();
  }

  close(): void {
    if (this.file !== null) closeSync(this.file);
    this.file = null;
  }

  private openedAgain(): number {
    let file: number;
    try {
      file = openOrdinarySync(this.path);
    } catch (cause) {
      throw this.wasChanged(cause);
    }
    if (isSameStamp(stampOf(file), this.stamp)) return file;
    closeSync(file);
    throw this.wasChanged();
  }

  private wasChanged(cause?: unknown): Error {
    return dataError(`${this.path} was changed or moved while it was being read; put back the file as it was, and start again.`, { cause });
  }
}
