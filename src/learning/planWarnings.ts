import type { Config } from '../protocol/config';
import type { Plan } from '../protocol/events';
import { classesLeftOut } from './phaseSizes';

/**
 * What a person may not have meant in a config that is right as it stands, a sentence each.
 * @param classes number of classes of the data set
 */
export function planWarnings(config: Config, plan: Plan, classes: number): string[] {
  return [
    leftOutClasses(
      plan.phases.map((p) => p.classes.length),
      classes,
    ),
    unreachedMilestones(config, 'alpha1Milestones', 'epochs'),
    unreachedMilestones(config, 'fineTuneMilestones', 'fineTuneEpochs'),
  ].filter((warning) => warning !== null);
}

function leftOutClasses(sizes: readonly number[], classes: number): string | null {
  const left = classesLeftOut(sizes, classes);
  if (left === 0) return null;
  return `"phaseSizes" covers ${classes - left} of the data set's ${classes} classes: the last ${left} of the class order are left out.`;
}

/** The learning rate is divided at the beginning of the epoch that a milestone counts from 0. */
function unreachedMilestones(
  config: Config,
  milestonesField: 'alpha1Milestones' | 'fineTuneMilestones',
  epochsField: 'epochs' | 'fineTuneEpochs',
): string | null {
  const epochs = config[epochsField];
  const unreached = config[milestonesField].filter((milestone) => milestone >= epochs);
  if (unreached.length === 0) return null;
  return `"${milestonesField}" has ${unreached.join(', ')}, which ${epochs} ${epochs === 1 ? 'epoch does' : 'epochs do'} not reach: the learning rate is not lowered there; raise "${epochsField}" or lower the milestones.`;
}
