import assert from 'node:assert/strict';
import { RunControl, type WishCarriers } from '../../src/trainer/runControl';

describe('Wishes of a run', () => {
  const carried: string[] = [];
  const note = (what: string) => async (): Promise<void> => void carried.push(what);
  const carriers: WishCarriers = { onPause: note('pause'), onResume: note('resume'), onStop: note('stop'), onSet: note('set') };
  beforeEach(() => void (carried.length = 0));

  it('are carried out in their order, each answered once it holds', async () => {
    const control = new RunControl();
    const answers = [control.pause(), control.set('lambda', 0.7), control.resume()];
    assert.equal(await control.boundary(carriers), false);
    await Promise.all(answers);
    assert.deepEqual(carried, ['pause', 'set', 'resume']);
  });

  it('that come with a stop, but after it, are refused when the run has ended', async () => {
    const control = new RunControl();
    const [set, stop, pause] = [control.set('lambda', 0.7), control.stop(), control.pause()];
    const refused = assert.rejects(pause, {
      code: 'not-possible-now',
      exitCode: 5,
      message: /The run has ended; start or resume one first/,
    });
    assert.equal(await control.boundary(carriers), true);
    control.end();
    await Promise.all([set, stop, refused]);
    assert.deepEqual(carried, ['set', 'stop']);
  });
});
