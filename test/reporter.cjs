// Mocha's spec reporter, which also writes the counts and the names of failed, skipped and repeated tests to the file `output=FILE`.
const { writeFileSync } = require('node:fs');
const Mocha = require('mocha');

module.exports = class extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const counts = { passed: 0, failed: [], skipped: [], repeated: [] };
    runner.on('pass', () => counts.passed++);
    runner.on('fail', (test) => counts.failed.push(test.fullTitle()));
    runner.on('pending', (test) => counts.skipped.push(test.fullTitle()));
    runner.on('retry', (test) => counts.repeated.push(test.fullTitle()));
    runner.on('end', () => writeFileSync(options.reporterOptions.output, JSON.stringify(counts)));
  }
};
