/** Orders versions such as `2.21.0` or `525.60.13` by their numbers: negative if `a` is the older one. */
export function compareVersions(a: string, b: string): number {
  const [x, y] = [a, b].map((version) => version.split('.').map(Number));
  for (let i = 0; i < 3; i++) {
    const difference = (x?.[i] ?? 0) - (y?.[i] ?? 0);
    if (difference) return difference;
  }
  return 0;
}
