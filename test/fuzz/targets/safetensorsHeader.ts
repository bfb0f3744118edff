import { mutatedHeaders } from '../inputs/safetensorsFile';
import type { FuzzTarget } from '../target';
import { target as bytes } from './safetensors';

export const target: FuzzTarget = { ...bytes, runs: 6000, mutated: mutatedHeaders };
