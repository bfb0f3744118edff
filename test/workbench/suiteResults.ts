/** What the suite inside the extension host leaves behind. `done` tells that it came to its end. */
export interface SuiteResults {
  readonly done: boolean;
  readonly passes: string[];
  readonly failures: { readonly title: string; readonly message: string }[];
  readonly skipped: string[];
}
