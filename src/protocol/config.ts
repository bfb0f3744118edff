import { z } from 'zod';
import { hostFields } from '../hosts/hosts';
import { experimentFields } from './config/experimentFields';
import { metaOf, type FieldMeta, type Live } from './config/field';
import { fineTuningFields } from './config/fineTuningFields';
import { lossFields } from './config/lossFields';
import { memoryFields } from './config/memoryFields';
import { mnemonicsFields } from './config/mnemonicsFields';
import { trainingFields } from './config/trainingFields';
import { SCHEMA_VERSION } from './schemaVersion';

export { FIELD_GROUPS, type FieldGroup, type FieldMeta } from './config/field';

/**
 * One experiment, as written in a `*.mnemonics.json` file. Every field has a default; the resolved config, defaults filled
 * in, is written to the run. The order of fields is the order of the side panel. Defaults are the paper's,
 * but for the exemplar optimiser; symbols and equations are those of Liu et al., CVPR 2020.
 */
export const configSchema = z
  .strictObject({
    $schema: z.string().optional(),
    schemaVersion: z.literal(SCHEMA_VERSION).default(SCHEMA_VERSION),
    ...lossFields,
    ...experimentFields,
    ...memoryFields,
    ...trainingFields,
    ...mnemonicsFields,
    ...fineTuningFields,
    ...hostFields,
  })
  .meta({ title: 'Mnemonics experiment', description: 'A continual-learning experiment for Mnemonics Lab.' });

/** What a person writes: every field optional. */
export type ConfigInput = z.input<typeof configSchema>;
/** The resolved config: defaults filled in. */
export type Config = z.output<typeof configSchema>;
export type ConfigField = keyof Config;

/** Fields that a running run accepts at its next step boundary: those that say so of themselves. */
export type LiveField = { [K in ConfigField]: (typeof configSchema.shape)[K] extends Live ? K : never }[ConfigField];
export const LIVE_FIELDS = (Object.keys(configSchema.shape) as ConfigField[]).filter((name) => fieldMeta(name)?.live) as [
  LiveField,
  ...LiveField[],
];

/** Title, symbol, unit and the rest of a field; undefined for those that no form shows. */
export function fieldMeta(name: ConfigField): FieldMeta | undefined {
  return metaOf(configSchema.shape[name]);
}
