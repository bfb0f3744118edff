import { z } from 'zod';
import type { Stage } from '../words';

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
  /** True where a running run accepts a new value at its next step. The one place that says so. */
  live?: boolean;
  /** Stages whose passes the field counts: their number of steps follows from it. */
  epochsOf?: readonly Stage[];
  /** Hosts in which the field does something; absent: in all. */
  hosts?: readonly string[];
  /** Values of another field with which this one does something; absent: with all. */
  when?: Readonly<Record<string, readonly string[]>>;
  /** A field that, where it is set, takes this one's place. */
  replacedBy?: string;
}

/** `when` of fields that only learned exemplars have. */
export const LEARNED = { exemplarMethod: ['mnemonics'] } as const;

/** Groups of the side panel, in its order. */
export const FIELD_GROUPS = ['Loss and exemplars', 'Experiment', 'Memory', 'Training', 'Mnemonics', 'Fine-tuning', 'Host'] as const;
export type FieldGroup = (typeof FIELD_GROUPS)[number];

declare const LIVE: unique symbol;
/** Type of a field whose {@link FieldMeta.live} is true: all of them are numbers. */
export interface Live {
  readonly [LIVE]: true;
}

export const field = <T extends z.ZodType, const M extends FieldMeta>(schema: T, meta: M) =>
  schema.meta({ ...(meta as FieldMeta) }) as M extends { live: true } ? T & Live : T;
/** What {@link field} was given; nothing for a schema that no field is. */
export const metaOf = (schema: z.ZodType): FieldMeta | undefined => schema.meta() as unknown as FieldMeta | undefined;
export const rate = () => z.number().positive().max(10_000);
export const count = () => z.int().min(1).max(100_000);
export const countOrNone = () => z.int().min(0).max(100_000);
