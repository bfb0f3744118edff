import { LabError, toErrorInfo } from '../../../src/protocol/errors';
import { intentSchema, type IntentBody } from '../../../src/protocol/childMessages';
import { RunControl } from '../../../src/trainer/runControl';
import { textOf } from '../inputs/bytes';
import { jsonOrNull, messageInputs } from '../inputs/messages';
import type { FuzzTarget } from '../target';

const INTENTS = [
  { id: 1, intent: 'pause' },
  { id: 2, intent: 'resume' },
  { id: 3, intent: 'stop' },
  { id: 4, intent: 'set', field: 'lambda', value: 0.7 },
];

/** What an editor sends; a run carries out what it understands. */
export const target: FuzzTarget = {
  runs: 5000,
  codes: ['config-invalid'],
  ...messageInputs(() => INTENTS),
  async read(_, input) {
    const message = intentSchema.safeParse(jsonOrNull(textOf(input)));
    if (!message.success) return null;
    const control = new RunControl();
    const { id, ...body } = message.data;
    const answered = carryOut(control, body).then(
      () => ({ id, error: null }),
      (error: unknown) => ({ id, error: toErrorInfo(error) }),
    );
    const done = () => Promise.resolve();
    const boundary = control.boundary({ onPause: done, onResume: done, onStop: done, onSet: done });
    const { error } = await answered;
    control.stop().catch(() => undefined);
    await boundary;
    if (error && error.code !== 'not-possible-now') throw new LabError(error.code, error.exitCode, error.message);
    return error;
  },
};

const carryOut = (control: RunControl, body: IntentBody): Promise<unknown> =>
  body.intent === 'set' ? control.set(body.field, body.value) : control[body.intent]();
