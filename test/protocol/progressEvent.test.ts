import assert from 'node:assert/strict';
import fc from 'fast-check';
import { eventSchema } from '../../src/protocol/events';
import { asProgressEvent } from '../../src/protocol/progressEvent';
import { nearlyProgress, randomLog } from '../store/support/randomLog';

describe('the short way to a progress event', () => {
  it('accepts what the schema accepts and nothing that it refuses, with the same result', () => {
    let accepted = 0;
    let refused = 0;
    fc.assert(
      fc.property(nearlyProgress, (value) => {
        const { success, data } = eventSchema.safeParse(value);
        const event = asProgressEvent(value);
        assert.deepEqual(event, success && data.kind === 'progress' ? data : null);
        if (event) accepted++;
        else refused++;
      }),
      { numRuns: 5000 },
    );
    // Otherwise little would be tested.
    assert.ok(accepted > 500 && refused > 500, `${accepted} accepted, ${refused} refused`);
  });

  it('takes every progress event of a log, and no other event', () => {
    fc.assert(
      fc.property(randomLog, (events) => {
        for (const event of events)
          assert.deepEqual(asProgressEvent(JSON.parse(JSON.stringify(event))), event.kind === 'progress' ? event : null);
      }),
    );
  });

  it('refuses what is no object', () => {
    for (const value of [null, undefined, 1, 'progress', [], [{ kind: 'progress' }]]) assert.equal(asProgressEvent(value), null);
  });
});
