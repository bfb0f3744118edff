import { benchCommand } from './bench';
import type { Command } from './command';
import { controlCommand } from './control';
import { dataImportCommand } from './dataImport';
import { dataListCommand } from './dataList';
import { engineCommand } from './engine';
import { engineInstallCommand } from './engineInstall';
import { engineListCommand } from './engineList';
import { enginePrebuildCommand } from './enginePrebuild';
import { engineRemoveCommand } from './engineRemove';
import { hypergradientCommand } from './hypergradient';
import { inspectCommand } from './inspect';
import { reportCommand } from './report';
import { resumeCommand } from './resume';
import { runCommand } from './run';
import { schemaCommand } from './schema';

/** Every command, in the order of the help: a new one is a file of its own and a line here. */
export const COMMANDS: readonly Command[] = [
  runCommand,
  resumeCommand,
  controlCommand,
  reportCommand,
  inspectCommand,
  hypergradientCommand,
  engineCommand,
  engineInstallCommand,
  engineListCommand,
  engineRemoveCommand,
  enginePrebuildCommand,
  benchCommand,
  dataListCommand,
  dataImportCommand,
  schemaCommand,
];
