// For `npm run test:webgpu`: the suites that take minutes on a software driver run, too.
process.env.MNEMONICS_WHOLE_WEBGPU = '1';
