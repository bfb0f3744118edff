import type { RunPaces } from '../../../src/trainer/runJob';

/** A resume point and a report after each step, whatever the clock says. */
export const EACH_STEP: RunPaces = { resumePointMs: 0, reportMs: 0 };
