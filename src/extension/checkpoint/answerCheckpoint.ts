import path from 'node:path';
import type * as vscode from 'vscode';
import { runError, toErrorInfo } from '../../protocol/errors';
import { type FromCheckpoint, type ToCheckpoint } from '../../protocol/webviewMessages';
import { assertChecksum } from '../../store/checksum';
import { isExemplarFile, readExemplarFile } from '../../store/exemplarFile';
import { readHeader } from '../../store/readSafetensors';
import { tensorStatistics } from '../../store/tensorStatistics';
import { exhausted } from '../exhausted';
import { classNamesOf } from './classNames';

/** The part of a `vscode.Uri` that is looked at. */
type FileUri = Pick<vscode.Uri, 'scheme' | 'fsPath' | 'toString'>;

/** What the page of a checkpoint is told. A file that can't be read is an answer, too. */
export async function answerCheckpoint(uri: FileUri, request: FromCheckpoint): Promise<ToCheckpoint> {
  switch (request.type) {
    case 'ready':
      return snapshot(uri).catch((error: unknown) => ({ type: 'failed', error: toErrorInfo(error) }));
    case 'get-statistics': {
      const { name } = request;
      return tensorStatistics(uri.fsPath, name).then(
        (statistics) => ({ type: 'statistics', name, statistics, error: null }),
        (error: unknown) => ({ type: 'statistics', name, statistics: null, error: toErrorInfo(error) }),
      );
    }
    case 'get-exemplars':
      return exemplars(uri.fsPath).catch((error: unknown) => ({
        type: 'exemplars',
        pixels: null,
        classNames: [],
        error: toErrorInfo(error),
      }));
    case 'check':
      return assertChecksum(uri.fsPath).then(
        () => ({ type: 'checked', error: null }),
        (error: unknown) => ({ type: 'checked', error: toErrorInfo(error) }),
      );
    default:
      return exhausted(request);
  }
}

async function snapshot(uri: FileUri): Promise<ToCheckpoint> {
  // Another scheme (an old version from git, say) has no byte ranges to read.
  if (uri.scheme !== 'file') throw runError(`${uri.toString(true)} is no file on disk; save it to a file and open that.`);
  const header = await readHeader(uri.fsPath);
  const tensors = [...header.tensors.values()].map(({ name, dtype, shape, begin, end }) => ({
    name,
    dtype,
    shape: [...shape],
    bytes: end - begin,
  }));
  return {
    type: 'snapshot',
    fileName: path.basename(uri.fsPath),
    fileBytes: header.fileBytes,
    metadata: { ...header.metadata },
    tensors,
    isExemplarFile: isExemplarFile(header),
  };
}

async function exemplars(file: string): Promise<ToCheckpoint> {
  const [pixels, { metadata }] = await Promise.all([readExemplarFile(file), readHeader(file)]);
  return { type: 'exemplars', pixels, classNames: classNamesOf(metadata), error: null };
}
