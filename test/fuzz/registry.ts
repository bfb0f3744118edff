import type { FuzzTarget } from './target';

/** Every reader that is fuzzed: a new one is a file in `targets/` and a line here. */
export const TARGETS = {
  safetensors: () => import('./targets/safetensors'),
  'safetensors-header': () => import('./targets/safetensorsHeader'),
  'exemplar-file': () => import('./targets/exemplarFile'),
  'resume-point': () => import('./targets/resumePoint'),
  'hypergradient-problem': () => import('./targets/hypergradientProblem'),
  'checkpoint-editor': () => import('./targets/checkpointEditor'),
  'run-file': () => import('./targets/runFile'),
  events: () => import('./targets/events'),
  'event-log': () => import('./targets/eventLog'),
  evaluation: () => import('./targets/evaluation'),
  report: () => import('./targets/report'),
  lock: () => import('./targets/lock'),
  'control-request': () => import('./targets/controlRequest'),
  'control-answer': () => import('./targets/controlAnswer'),
  experiment: () => import('./targets/experiment'),
  settings: () => import('./targets/settings'),
  'panel-edits': () => import('./targets/panelEdits'),
  'command-line': () => import('./targets/commandLine'),
  'ipc-intents': () => import('./targets/ipcIntents'),
  'ipc-messages': () => import('./targets/ipcMessages'),
  'webview-messages': () => import('./targets/webviewMessages'),
  'import-manifest': () => import('./targets/importManifest'),
  'import-journal': () => import('./targets/importJournal'),
  'idx-images': () => import('./targets/idxImages'),
  'idx-labels': () => import('./targets/idxLabels'),
  'idx-packed': () => import('./targets/idxPacked'),
  cifar: () => import('./targets/cifar'),
  'cifar-names': () => import('./targets/cifarNames'),
  png: () => import('./targets/png'),
  jpeg: () => import('./targets/jpeg'),
  'image-folder': () => import('./targets/imageFolder'),
  tar: () => import('./targets/tar'),
  zip: () => import('./targets/zip'),
  wheel: () => import('./targets/wheel'),
  'engine-manifest': () => import('./targets/engineManifest'),
  prebuilt: () => import('./targets/prebuilt'),
} as const satisfies Record<string, () => Promise<{ readonly target: FuzzTarget }>>;

export type TargetName = keyof typeof TARGETS;
export const TARGET_NAMES = Object.keys(TARGETS) as TargetName[];
