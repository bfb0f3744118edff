import * as nodeModule from 'node:module';

/**
 * tfjs-node asks for the union package `@tensorflow/tfjs`, of which it uses tfjs-core alone. The union would also
 * register tfjs's stock gradients over ours, some of which lose their second derivative without an error. The
 * bundle has an alias for this; unbundled code, as in tests, is redirected here.
 */
type Resolve = (request: string, ...rest: unknown[]) => string;
const loader = nodeModule.Module as unknown as { _resolveFilename: Resolve };
const resolve = loader._resolveFilename;
loader._resolveFilename = function (request, ...rest) {
  return resolve.call(this, request === '@tensorflow/tfjs' ? '@tensorflow/tfjs-core' : request, ...rest);
};
