import { resolve } from 'node:path';
import type { InstallProgress } from '../../engine/native/progress';
import { configError } from '../../protocol/errors';
import { StatusLine } from '../terminal/statusLine';
import { defineCommand } from './command';
import { stoppable } from './stoppable';

export const engineInstallCommand = defineCommand({
  name: 'engine install',
  summary: 'Installs the native engine: TensorFlow from your Python, from a wheel, or downloaded.',
  positionals: '',
  minPositionals: 0,
  maxPositionals: 0,
  options: {
    from: { type: 'string', value: 'FILE.whl', help: 'uses this TensorFlow wheel and downloads nothing' },
    cpu: { type: 'boolean', help: 'installs for the CPU, even where there is a GPU' },
    gpu: { type: 'boolean', help: 'installs for an NVIDIA GPU' },
  },
  async execute({ from, cpu, gpu }, _positionals, io) {
    if (cpu && gpu) throw configError('"engine install" can\'t take both --cpu and --gpu; leave one out.');
    const { installNative } = await import('../../engine/native/install');
    const line = new StatusLine(io.stderr);
    return stoppable(io, line, 'The installation was stopped; nothing of it is left.', async (signal) => {
      const { manifest, folder } = await installNative({
        ...(from === undefined ? {} : { fromWheel: resolve(io.cwd, from) }),
        ...(cpu || gpu ? { gpu: gpu === true } : {}),
        onProgress: (progress) => show(line, progress),
        signal,
      });
      line.clear();
      io.stdout.write(`The native engine (TensorFlow ${manifest.tensorflow}, ${manifest.device}) is in ${folder}\n`);
    });
  },
});

/** On a terminal one line is redrawn; elsewhere each message is printed once, without the bytes that count up. */
function show(line: StatusLine, { step, message, doneBytes, totalBytes }: InstallProgress): void {
  if (step === 'done') return;
  const percent = doneBytes !== undefined && totalBytes ? ` ${Math.floor((100 * doneBytes) / totalBytes)} %` : '';
  line.show(`${message}${line.isLive ? percent : ''}`);
}
