import { z } from 'zod';

/** Imported by pages whose CSP forbids eval: zod would otherwise probe for it, and each probe is reported as a violation. */
z.config({ jitless: true });
