import { z } from 'zod';

/** What the side panel and the file's hover show of a field, beside its title and description. Kept in the JSON Schema. */
export interface FieldMeta {
  title: string;
  description: string;
  /** The paper's symbol, such as λ. */
  symbol?: string;
  /** Equations of the paper in which the field stands. */
  equation?: string;
  unit?: string;
  group: FieldGroup;
  /** True where a running run accepts a new value at its next step. */
  live?: boolean;
}

/** Groups of the side panel, in its order. */
export const FIELD_GROUPS = ['Loss and exemplars', 'Experiment', 'Memory', 'Training', 'Mnemonics', 'Fine-tuning'] as const;
export type FieldGroup = (typeof FIELD_GROUPS)[number];

export const field = <T extends z.ZodType>(schema: T, meta: FieldMeta): T => schema.meta({ ...meta });
export const rate = () => z.number().positive().max(10_000);
export const count = () => z.int().min(1).max(100_000);
export const countOrNone = () => z.int().min(0).max(100_000);
