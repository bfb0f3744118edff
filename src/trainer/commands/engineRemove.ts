import { configError } from '../../protocol/errors';
import { defineCommand } from './command';

export const engineRemoveCommand = defineCommand({
  name: 'engine remove',
  summary: 'Removes installed native engines.',
  positionals: 'VERSION…',
  minPositionals: 0,
  maxPositionals: Infinity,
  options: { all: { type: 'boolean', help: 'removes every one' } },
  async execute({ all }, names, io) {
    if (all && names.length > 0) throw configError('"engine remove" takes versions or --all, not both; leave one out.');
    const { removeNative } = await import('../../engine/native/remove');
    for (const { folder, usedBy } of removeNative(all ? 'all' : names)) {
      const users = `process${usedBy.length === 1 ? '' : 'es'} ${usedBy.join(', ')}`;
      const later = `; ${users} has it loaded and goes on with it, and its room on the disk comes free then`;
      io.stdout.write(`${folder} is removed${usedBy.length > 0 ? later : ''}\n`);
    }
    return 0;
  },
});
