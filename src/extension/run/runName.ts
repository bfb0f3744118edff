const two = (n: number) => String(n).padStart(2, '0');

/** Name of a new run's folder: the experiment's name and the local time, which sorts and is a safe file name everywhere. */
export function runName(experiment: string, now: Date): string {
  const name = experiment.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '') || 'experiment';
  const day = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  return `${name.slice(0, 80)}-${day}-${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
}
