import { applyEdits } from 'jsonc-parser';
import fc from 'fast-check';
import { fieldEdits, readExperimentText } from '../../../src/extension/experiments/experimentText';
import { fromPanelSchema } from '../../../src/protocol/webviewMessages';
import { bytesOfText, textOf } from '../inputs/bytes';
import { mutatedJson } from '../inputs/json';
import type { FuzzTarget } from '../target';

const FILE = '// Mine.\n{\n  "lambda": 0.5, // half\n  "name": "x",\n}\n';

/** An edit of the panel, as its message comes, carried out on a file's text. */
export const target: FuzzTarget = {
  runs: 3000,
  file: 'message.json',
  codes: ['config-invalid'],
  seeds: () => [bytesOfText('{"type":"edit","field":"lambda","value":0.7}')],
  mutated: () =>
    fc
      .oneof(
        mutatedJson([{ type: 'edit', field: 'lambda', value: 0.7 }]),
        mutatedJson([0.7, { a: [1] }]).map((value) => `{"type":"edit","field":"phaseSizes","value":${value}}`),
      )
      .map(bytesOfText),
  read(_, input) {
    const message = fromPanelSchema.safeParse(json(textOf(input)));
    if (!message.success || message.data.type !== 'edit') return null;
    const { field, value } = message.data;
    const text = applyEdits(FILE, fieldEdits(FILE, field, value));
    return readExperimentText(text, 'x.mnemonics.json');
  },
};

/** A page can't send what isn't JSON. */
function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
