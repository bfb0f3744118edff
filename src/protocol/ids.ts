import { z } from 'zod';

/** Original label of a class in its data set, 0 … classes − 1. */
export const classLabelSchema = z.int().min(0).brand<'ClassLabel'>();
export type ClassLabel = z.infer<typeof classLabelSchema>;

/** Position of a class in the class order, 0 … classes − 1: what the network's outputs are numbered by. */
export const classIndexSchema = z.int().min(0).brand<'ClassIndex'>();
export type ClassIndex = z.infer<typeof classIndexSchema>;

/** Path of a file in a run's folder, relative to it, with `/`: it leads nowhere else, whoever wrote it. */
export const runPathSchema = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/, 'it must be the path of a file in the run folder');

/** Name of a run and of its folder: letters, digits, dots, dashes and underscores, so that it is a safe file name everywhere. */
export const runIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,120}$/)
  .brand<'RunId'>();
export type RunId = z.infer<typeof runIdSchema>;
