import { parseArgs } from 'node:util';
import { configError, type LabError } from '../../protocol/errors';
import type { Command, OptionSpecs, OptionValues } from './command';

/** What a call of the command line asks for. */
export type Call =
  | { readonly kind: 'help'; readonly command: Command | null }
  | { readonly kind: 'version' }
  | {
      readonly kind: 'command';
      readonly command: Command;
      readonly values: OptionValues<OptionSpecs>;
      readonly positionals: readonly string[];
    };

/**
 * Understands the arguments after `cli.js`.
 * @throws LabError `config-invalid` naming the command or option that isn't known or is used wrongly.
 */
export function parseCall(args: readonly string[], commands: readonly Command[]): Call {
  const [first = '--help'] = args;
  if (first === '--version') return { kind: 'version' };
  if (first === '--help' || first === '-h' || first === 'help') return { kind: 'help', command: null };
  const command = findCommand(args, commands);
  const rest = args.slice(command.name.split(' ').length);
  const { values, positionals } = parse(command, rest);
  if (values['help']) return { kind: 'help', command };
  if (positionals.length < command.minPositionals) throw callError(command, `needs ${command.positionals}`);
  const extra = positionals[command.maxPositionals];
  if (extra !== undefined) throw callError(command, `can't use the argument "${extra}"`);
  return { kind: 'command', command, values, positionals };
}

function findCommand(args: readonly string[], commands: readonly Command[]): Command {
  const [first = '', second = ''] = args;
  const found = commands.find(({ name }) => name === `${first} ${second}`) ?? commands.find(({ name }) => name === first);
  if (found) return found;
  const parts = commands.filter(({ name }) => name.startsWith(`${first} `)).map(({ name }) => `"${name}"`);
  if (parts.length > 0) throw configError(`"${first}" is not a command by itself; use ${parts.join(' or ')}.`);
  const known = commands.filter(({ hidden }) => !hidden).map(({ name }) => name);
  throw configError(`"${first}" is not a command; use one of ${known.join(', ')}, or --help.`);
}

function parse(command: Command, args: readonly string[]): { values: OptionValues<OptionSpecs>; positionals: string[] } {
  const options = Object.fromEntries(
    Object.entries(command.options).map(([name, { type, multiple }]) => [name, { type, multiple: multiple === true }]),
  );
  try {
    const parsed = parseArgs({
      args: [...args],
      options: { ...options, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
      strict: true,
    });
    return { values: parsed.values as OptionValues<OptionSpecs>, positionals: parsed.positionals };
  } catch (error) {
    throw callError(command, problemOf(error), error);
  }
}

/** parseArgs tells option and problem in a text for programmers. */
function problemOf(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const option = /--[A-Za-z0-9-]+|-[A-Za-z]\b/.exec(message)?.[0] ?? 'an option';
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return `has no option ${option}`;
  if (message.includes('does not take an argument')) return `can't use a value for ${option}`;
  return `needs a value for ${option}`;
}

const callError = (command: Command, problem: string, cause?: unknown): LabError =>
  configError(`"${command.name}" ${problem}; see "${command.name} --help".`, { cause });
