import { z } from 'zod';

/** Imported, before any schema, by pages whose CSP forbids eval: zod would otherwise probe for it, and the probe is reported as a violation. */
z.config({ jitless: true });
