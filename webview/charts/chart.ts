import {
  Chart,
  Decimation,
  LineController,
  LineElement,
  LinearScale,
  PointElement,
  Tooltip,
  type ChartConfiguration,
  type Plugin,
} from 'chart.js';

Chart.register(Decimation, LineController, LineElement, LinearScale, PointElement, Tooltip);

/** The one place that knows chart.js: a line chart without animation, over points that are already parsed and sorted by x. */
export type LineConfiguration = ChartConfiguration<'line', { x: number; y: number }[]>;
export type LinePlugin = Plugin<'line'>;
export type LineOptions = NonNullable<LineConfiguration['options']>;
export type LineChartInstance = Chart<'line', { x: number; y: number }[]>;

export const FAST = { animation: false, parsing: false, normalized: true, responsive: true, maintainAspectRatio: false } as const;

export function createLineChart(
  canvas: HTMLCanvasElement,
  data: LineConfiguration['data'],
  options: LineOptions,
  plugins: LinePlugin[],
): LineChartInstance {
  return new Chart<'line', { x: number; y: number }[]>(canvas, { type: 'line', data, options: { ...FAST, ...options }, plugins });
}
