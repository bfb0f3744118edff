import { z } from 'zod';
import { hostFields, type HostName } from '../hosts/hosts';
import { experimentFields } from './config/experimentFields';
import { metaOf } from './config/field';
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

/** Fields that a running run accepts at its next step boundary (seam of the later live changes: λ only for now). */
export const LIVE_FIELDS = ['lambda'] as const satisfies readonly ConfigField[];
export type LiveField = (typeof LIVE_FIELDS)[number];

/** False where a field changes nothing, because the host's loss has no place for it. */
export const actsInHost = (field: ConfigField, host: HostName): boolean => metaOf(configSchema.shape[field])?.hosts?.includes(host) ?? true;
