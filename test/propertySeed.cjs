// Properties are tried with the same random inputs every time, so that a pull request is not failed by what it didn't touch:
// PROPERTY_SEED=$RANDOM npm run test:unit tries others.
const fc = require('fast-check');

fc.configureGlobal({ seed: Number(process.env.PROPERTY_SEED ?? 20261127) });
