import assert from 'node:assert/strict';
import Mocha from 'mocha';
import { runHostSuite } from './hostSuite';
import { packagedExtension } from './packagedExtension';

describe('the suite inside the extension host', () => {
  before(async function () {
    this.timeout(600_000);
    await packagedExtension(); // Builds what the host loads.
    const { done, passes, failures, skipped } = await runHostSuite();
    assert.ok(done && passes.length + failures.length > 0, 'the suite ran to its end');
    // Its tests are told here as what they are, so that they count and fail under their own names.
    const suite = this.test?.parent;
    for (const title of passes) suite?.addTest(new Mocha.Test(title, () => undefined));
    for (const title of skipped) suite?.addTest(new Mocha.Test(title));
    for (const { title, message } of failures) suite?.addTest(new Mocha.Test(title, () => assert.fail(message)));
  });

  it('comes to its end', () => undefined);
});
