import type { EngineDescription } from '../../engine/describe';
import { engineError } from '../../protocol/errors';
import { alignColumns } from '../terminal/table';
import { defineCommand } from './command';

export const engineCommand = defineCommand({
  name: 'engine',
  summary: 'Says which engine a run would use and why, with versions and measured speed.',
  positionals: '',
  minPositionals: 0,
  maxPositionals: 0,
  options: {
    quick: { type: 'boolean', help: 'leaves out the measurement of speed' },
    json: { type: 'boolean', help: 'prints one JSON line instead of a table' },
  },
  async execute({ quick, json }, _positionals, io) {
    const { describeEngines } = await import('../../engine/describe');
    const engines = await describeEngines({ measure: !quick });
    const chosen = engines.find((engine) => engine.chosen);
    if (json) io.stdout.write(`${JSON.stringify({ ...chosen?.info, engines })}\n`);
    else io.stdout.write(`${engines.map((engine) => describe(engine, chosen)).join('\n\n')}\n`);
    if (!chosen) throw engineError('No engine loads here; reinstall Mnemonics Lab, or install the native engine with "engine install".');
    return 0;
  },
});

function describe(
  { name, chosen, available, reason, info, imagesPerSecond }: EngineDescription,
  preferred: EngineDescription | undefined,
): string {
  const rows = [
    [name, chosen ? 'used by default' : available ? `available; ${preferred?.name ?? 'none'} is preferred` : 'not available'],
    ['  why', reason],
  ];
  if (info)
    rows.push(
      ['  device', `${info.device}, ${info.threads} thread${info.threads === 1 ? '' : 's'}`],
      ...Object.entries(info.settings ?? {}).map(([name, value]) => [`  ${name}`, value]),
      ...Object.entries(info.versions).map(([part, version]) => [`  ${part}`, version]),
    );
  if (imagesPerSecond !== undefined) rows.push(['  speed', `${Math.round(imagesPerSecond)} images/s in training a small network`]);
  return alignColumns(rows).join('\n');
}
