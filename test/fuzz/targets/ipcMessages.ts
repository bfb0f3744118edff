import { childMessageSchema } from '../../../src/protocol/childMessages';
import { benchMessageSchema } from '../../../src/protocol/benchMessages';
import { eventSchema, type RunEvent } from '../../../src/protocol/events';
import { foldEvents } from '../../../src/protocol/foldEvents';
import { withoutChecksum } from '../../../src/store/logChecksum';
import { textOf } from '../inputs/bytes';
import { jsonOrNull, messageInputs } from '../inputs/messages';
import { events } from '../inputs/runFolder';
import type { FuzzTarget } from '../target';

const error = { code: 'internal', message: 'It broke.', exitCode: 1 };
const log = (): RunEvent[] =>
  textOf(events())
    .trimEnd()
    .split('\n')
    .map((line) => eventSchema.parse(JSON.parse(withoutChecksum(line))));
const messages = (): unknown[] => [
  { type: 'opened', runDir: '/runs/x' },
  { type: 'reply', id: 1, error },
  { type: 'fatal', error },
  { kind: 'repeat', seconds: 1, calls: 1, peakMemoryMiB: 1, pageFaults: 0 },
  ...log().map((event) => ({ type: 'event', event })),
];
let before: RunEvent[] | undefined;

/** What a training process or a measuring one tells; an event that is understood can be folded after any others. */
export const target: FuzzTarget = {
  runs: 6000,
  codes: [],
  ...messageInputs(messages),
  read(_, input) {
    const value = jsonOrNull(textOf(input));
    benchMessageSchema.safeParse(value);
    const message = childMessageSchema.safeParse(value);
    if (!message.success || message.data.type !== 'event') return message.data;
    before ??= log().slice(0, 5);
    return foldEvents([...before, { ...message.data.event, seq: before.length }]);
  },
};
