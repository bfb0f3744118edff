/** Numbers as people read them here: fixed digits, so that a column of them doesn't jump. */
export const percent = (fraction: number, digits = 1): string => `${(fraction * 100).toFixed(digits)} %`;

/** A fraction in per cent with one digit, as tables write it whose heading has the unit. */
export const inPercent = (fraction: number): string => (fraction * 100).toFixed(1);

/** Percentage points of a difference, with its sign. */
export const points = (fraction: number): string => `${fraction < 0 ? '−' : ''}${Math.abs(fraction * 100).toFixed(1)}`;

/** `9 s`, `1 min 20 s`, `2 h 05 min`. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds < 1 && seconds > 0 ? seconds.toFixed(2) : seconds.toFixed(seconds % 1 === 0 ? 0 : 1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')} min`;
}

/** `0:45`, `1:05:00`: for axes, where space is short. */
export function clockDuration(seconds: number): string {
  if (seconds > 0 && seconds < 1) return `${seconds.toFixed(1)} s`;
  const whole = Math.floor(seconds);
  const two = (value: number) => String(value).padStart(2, '0');
  return whole < 3600
    ? `${Math.floor(whole / 60)}:${two(whole % 60)}`
    : `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}

/** Four significant digits, without exponents where they can be avoided. */
export function number(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  const text = size < 1e-4 || size >= 1e7 ? value.toExponential(2) : String(Number(value.toPrecision(4)));
  return text.replace('-', '−');
}

/** Whole numbers with thin spaces between groups of three. */
export const integer = (value: number): string => String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, '\u202f');

/** `12.3 KiB`. */
export function bytes(value: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let size = value;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${unit === 0 ? size : size.toFixed(1)} ${units[unit]}`;
}

/** `14:05:09` of the local day. */
export const clock = (milliseconds: number): string => new Date(milliseconds).toLocaleTimeString(undefined, { hour12: false });

/** `3 classes`, `1 class`. */
export const plural = (count: number, one: string, many = `${one}s`): string => `${integer(count)} ${count === 1 ? one : many}`;
