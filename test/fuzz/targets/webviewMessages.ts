import { configSchema } from '../../../src/protocol/config';
import {
  fromCheckpointSchema,
  fromDashboardSchema,
  fromPanelSchema,
  toCheckpointSchema,
  toDashboardSchema,
  toPanelSchema,
} from '../../../src/protocol/webviewMessages';
import { reportDataSchema } from '../../../src/protocol/reportData';
import { textOf } from '../inputs/bytes';
import { jsonOrNull, messageInputs } from '../inputs/messages';
import { evaluation } from '../inputs/runFolder';
import type { FuzzTarget } from '../target';

const SCHEMAS = [
  fromDashboardSchema,
  fromPanelSchema,
  fromCheckpointSchema,
  toDashboardSchema,
  toPanelSchema,
  toCheckpointSchema,
  reportDataSchema,
];

const messages = (): unknown[] => [
  { type: 'ready' },
  { type: 'get-exemplars', phase: 0 },
  { type: 'get-statistics', name: 'fc.weight' },
  { type: 'open-checkpoint', path: 'phase-00/model.safetensors' },
  { type: 'intent', intent: { id: 1, intent: 'set', field: 'lambda', value: 0.7 } },
  { type: 'command', command: 'show-log' },
  { type: 'edit', field: 'lambda', value: 0.7 },
  { type: 'apply-preset', preset: 'demo' },
  { type: 'confusion', phase: 0, confusion: evaluation().confusion, error: null },
  { type: 'exemplars', phase: 0, pixels: null, error: { code: 'internal', message: 'x', exitCode: 1 } },
  { type: 'snapshot', schema: {}, file: null, files: [], defaults: configSchema.parse({}), problems: [], running: null, trusted: true },
  {
    type: 'snapshot',
    fileName: 'x',
    fileBytes: 9,
    metadata: { a: 'b' },
    tensors: [{ name: 'a', dtype: 'F32', shape: [1], bytes: 4 }],
    isExemplarFile: false,
  },
  { schemaVersion: 1, runs: [{ title: 'x', events: [], confusions: [], exemplars: [] }] },
];

/** Every schema at which pages and the editor hear each other takes any message, or refuses it. */
export const target: FuzzTarget = {
  runs: 8000,
  codes: [],
  ...messageInputs(messages),
  read(_, input) {
    const value = jsonOrNull(textOf(input));
    return SCHEMAS.map((schema) => schema.safeParse(value).data);
  },
};
