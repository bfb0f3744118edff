import { alignColumns } from '../terminal/table';
import type { Command, OptionSpec } from './command';

const PROGRAM = 'mnemonics';

/** The help of the whole command line. */
export function overallHelp(commands: readonly Command[]): string {
  const rows = commands
    .filter(({ hidden }) => !hidden)
    .map(({ name, positionals, summary }) => [`  ${name} ${positionals}`.trimEnd(), summary]);
  return `Mnemonics Lab: continual-learning experiments with Mnemonics Training (CVPR 2020).

Usage: ${PROGRAM} COMMAND …

${alignColumns(rows).join('\n')}

${PROGRAM} COMMAND --help says more; ${PROGRAM} --version names the version.
Exit codes: 0 done, 1 a defect of this program or no room for its output, 2 config or call wrong, 3 data wrong, 4 no engine,
5 run folder wrong, in use, or not in the state for what is asked, 130 stopped (resumable).
`;
}

/** The help of one command. */
export function commandHelp({ name, positionals, summary, options }: Command): string {
  const shown = Object.entries(options).filter(([, { hidden }]) => !hidden);
  const usage = [PROGRAM, name, positionals, ...shown.map(([option, spec]) => `[${withValue(option, spec)}]${spec.multiple ? '…' : ''}`)];
  const rows = [...shown.map(([option, spec]) => [`  ${withValue(option, spec)}`, spec.help]), ['  --help', 'shows this']];
  return `${summary}\n\nUsage: ${usage.filter((part) => part !== '').join(' ')}\n\n${alignColumns(rows).join('\n')}\n`;
}

const withValue = (option: string, { type, value }: OptionSpec): string =>
  type === 'string' ? `--${option} ${value ?? 'VALUE'}` : `--${option}`;
