import assert from 'node:assert/strict';
import { commandHelp, overallHelp } from '../../../src/trainer/commands/help';
import { parseCall } from '../../../src/trainer/commands/parseCall';
import { COMMANDS } from '../../../src/trainer/commands/registry';
import { rejectsWith } from '../../store/support/rejects';

const parse = (line: string) => parseCall(line.split(' ').filter(Boolean), COMMANDS);

describe('A call of the command line', () => {
  it('gives command, options and arguments', () => {
    const call = parse('run a.mnemonics.json --set lambda=0.7 --json --set=seed=2');
    assert.ok(call.kind === 'command');
    assert.deepEqual(
      [call.command.name, call.positionals, { ...call.values }],
      ['run', ['a.mnemonics.json'], { set: ['lambda=0.7', 'seed=2'], json: true }],
    );
  });

  it('finds a command of two words before one of one', () => {
    for (const [line, name] of [
      ['engine install --cpu', 'engine install'],
      ['engine --json', 'engine'],
      ['data list', 'data list'],
    ] as const) {
      const call = parse(line);
      assert.equal(call.kind === 'command' && call.command.name, name);
    }
  });

  const WRONG: [line: string, message: RegExp][] = [
    ['train x', /"train" is not a command; use one of run, resume, .*--help/],
    ['data', /"data" is not a command by itself; use "data list"/],
    ['resume', /"resume" needs DIR; see "resume --help"/],
    ['run a b', /"run" can't use the argument "b"/],
    ['run a --outt b', /"run" has no option --outt/],
    ['run a -x', /"run" has no option -x/],
    ['run a --out', /"run" needs a value for --out/],
    ['run a --out --json', /"run" needs a value for --out/],
    ['run a --json=1', /"run" can't use a value for --json/],
    ['engine instal', /"engine" can't use the argument "instal"/],
  ];
  for (const [line, message] of WRONG) it(`is refused: ${line}`, () => rejectsWith(() => parse(line), 2, message));

  it('asks for help in every usual way', () => {
    for (const line of ['', '--help', '-h', 'help']) assert.deepEqual(parse(line), { kind: 'help', command: null });
    for (const line of ['run --help', 'run -h', 'run x --json --help']) {
      const call = parse(line);
      assert.equal(call.kind === 'help' && call.command?.name, 'run');
    }
  });

  it("lists every command in the help, and every option in its own but the editor's", () => {
    const help = overallHelp(COMMANDS);
    for (const command of COMMANDS) {
      assert.equal(help.includes(`  ${command.name}`), !command.hidden, command.name);
      const own = commandHelp(command);
      for (const [name, { hidden }] of Object.entries(command.options))
        assert.equal(own.includes(`--${name}`), !hidden, `${command.name} --${name}`);
    }
  });
});
