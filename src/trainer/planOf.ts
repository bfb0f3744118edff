import type { DataSet } from '../data/dataSet';
import { planRun } from '../learning/plan';
import type { Config } from '../protocol/config';
import type { Plan } from '../protocol/events';

/** The course of a run with these data. @throws LabError `config-invalid` where config and data don't fit each other */
export function planOf(config: Config, { classNames, train, test }: DataSet): Plan {
  const count = (labels: Uint16Array) => {
    const counts = new Array<number>(classNames.length).fill(0);
    for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
    return counts;
  };
  return planRun(config, { classNames, trainCounts: count(train.labels), testCounts: count(test.labels) });
}
