// A process that does what the editor's side does with a run: starts the training process, says its number, and keeps it.
import { TrainerProcess } from '../../../../src/extension/process/trainerProcess';
import { SOURCE_CLI, SOURCE_ENV } from '../../cli/support/runCli';

const [experiment = '', runDir = ''] = process.argv.slice(2);
const { pid } = new TrainerProcess({
  cli: SOURCE_CLI,
  args: ['run', experiment, '--out', runDir, '--ipc'],
  env: SOURCE_ENV,
  onEvent: () => undefined,
  onLine: () => undefined,
});
process.stdout.write(`${pid}\n`);
