// Mocha's spec reporter, which also writes the counts and the names of failed and skipped tests to the file `output=FILE`.
const { writeFileSync } = require('node:fs');
const Mocha = require('mocha');

module.exports = class extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const counts = { passed: 0, failed: [], skipped: [] };
    runner.on('pass', () => counts.passed++);
    runner.on('fail', (test) => counts.failed.push(test.fullTitle()));
    runner.on('pending', (test) => counts.skipped.push(test.fullTitle()));
    runner.on('end', () => writeFileSync(options.reporterOptions.output, JSON.stringify(counts)));
  }
};
