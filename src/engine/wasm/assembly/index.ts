export * from './batchNorm';
export * from './convolution';
export * from './elementwise';
export * from './filterGradient';
export * from './probe';
export * from './images';
export * from './winograd';
export * from './winogradGradient';
