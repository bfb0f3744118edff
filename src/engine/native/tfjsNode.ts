// Order matters: the redirection first, then the backend, then its kernels. The package's own index.js isn't used,
// because it looks for the addon in the package's folder.
import './redirectUnion';
import { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js';
import '@tensorflow/tfjs-node-gpu/dist/register_all_kernels.js';

export { NodeJSKernelBackend };
