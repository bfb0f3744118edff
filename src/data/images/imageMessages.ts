import type { ErrorInfo } from '../../protocol/errors';
import type { FileStamp } from '../fileStamp';
import type { View } from './viewImage';

/** What a worker is told when it starts. */
export interface WorkerSettings {
  /** Decoded images that it may keep, in bytes. */
  readonly cacheBytes: number;
}

export interface ImageRequest {
  readonly id: number;
  readonly path: string;
  readonly view: View;
  readonly crop: Float64Array | null;
  /** What the file must still be; null where that isn't known. */
  readonly stamp: FileStamp | null;
}

/** The square, [size, size, 3], or why there is none. */
export type ImageReply =
  { readonly id: number; readonly pixels: Uint8Array<ArrayBuffer> } | { readonly id: number; readonly error: ErrorInfo };
