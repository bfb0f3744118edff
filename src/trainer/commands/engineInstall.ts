import { resolve } from 'node:path';
import type { InstallProgress } from '../../engine/native/progress';
import { configError } from '../../protocol/errors';
import { ByteLine } from '../terminal/byteLine';
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
    gpu: { type: 'boolean', help: 'installs for an NVIDIA GPU, even where nvidia-smi finds none' },
    json: { type: 'boolean', help: 'prints the result as one JSON line' },
  },
  async execute({ from, cpu, gpu, json }, _positionals, io) {
    if (cpu && gpu) throw configError('"engine install" can\'t take both --cpu and --gpu; leave one out.');
    const { installNative } = await import('../../engine/native/install');
    const line = new ByteLine(io.stderr);
    return stoppable(io, line, 'The installation was stopped; nothing of it is left.', async (signal) => {
      const { manifest, folder } = await installNative({
        ...(from === undefined ? {} : { from: resolve(io.cwd, from) }),
        ...(cpu || gpu ? { device: gpu ? 'gpu' : 'cpu' } : {}),
        onProgress: (progress) => show(line, progress),
        signal,
      });
      line.clear();
      const result = `The native engine (TensorFlow ${manifest.tensorflow}, ${manifest.device}) is in ${folder}`;
      io.stdout.write(`${json ? JSON.stringify({ folder, ...manifest }) : result}\n`);
    });
  },
});

function show(line: ByteLine, { step, message, doneBytes, totalBytes }: InstallProgress): void {
  if (step === 'notice') line.print(`${message}.`);
  else if (doneBytes !== undefined && totalBytes !== undefined) line.show(message, { doneBytes, totalBytes });
  else if (step !== 'done') line.say(message);
}
