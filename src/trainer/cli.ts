import { version } from '../../package.json';
import { EXIT, LabError, toErrorInfo } from '../protocol/errors';
import { commandHelp, overallHelp } from './commands/help';
import type { CommandIo } from './commands/command';
import { parseCall } from './commands/parseCall';
import { COMMANDS } from './commands/registry';
import { exitWhenWritten } from './commands/exitWhenWritten';

/** The command line, and the process that the editor forks. @returns the exit code; what fails is one sentence on standard error */
async function main(args: readonly string[], io: CommandIo): Promise<number> {
  try {
    const call = parseCall(args, COMMANDS);
    switch (call.kind) {
      case 'version':
        io.stdout.write(`${version}\n`);
        return 0;
      case 'help':
        io.stdout.write(call.command ? commandHelp(call.command) : overallHelp(COMMANDS));
        return 0;
      case 'command':
        return await call.command.execute(call.values, call.positionals, io);
    }
  } catch (error) {
    const { message, exitCode } = toErrorInfo(error);
    io.stderr.write(`mnemonics: ${message.trim().replace(/\s*\n\s*/g, ' ')}\n`);
    // For those who look for the bug; a person who only uses the program never sees it.
    if (!(error instanceof LabError) && io.env['MNEMONICS_DEBUG'] && error instanceof Error) io.stderr.write(`${error.stack}\n`);
    return exitCode;
  }
}

for (const stream of [process.stdout, process.stderr]) {
  // Whoever read the output has gone, as `head` does, or a terminal that was closed: nobody is left to tell, and a run must not end because of it.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || (error.code === 'EIO' && stream.isTTY)) return;
    process.exitCode = EXIT.internal;
    if (stream === process.stdout)
      process.stderr.write(`mnemonics: The output can't be written (${error.message}); make room for it or send it elsewhere.\n`);
  });
}

void main(process.argv.slice(2), { stdout: process.stdout, stderr: process.stderr, env: process.env, cwd: process.cwd() }).then(
  exitWhenWritten,
);
