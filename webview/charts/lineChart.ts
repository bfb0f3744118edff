import { h, setAttribute } from '../ui/h';
import { oncePerFrame } from '../ui/frame';
import { onThemeChange, themeColour } from '../ui/theme';
import { createLineChart, type LineChartInstance, type LineConfiguration, type LineOptions } from './chart';
import type { LineStyle } from './lineStyle';
import { verticalMarks, type VerticalMark } from './verticalMarks';

export interface ChartLine {
  readonly label: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
  readonly style: LineStyle;
  /** One of many: left out of the tooltip. */
  readonly quiet?: boolean;
}

export interface Axis {
  readonly title: string;
  readonly min?: number;
  readonly max?: number;
  /** Ticks at whole numbers only. */
  readonly whole?: boolean;
  readonly tick?: (value: number) => string | string[];
}

export interface LineChartContent {
  readonly lines: readonly ChartLine[];
  readonly x: Axis;
  readonly y: Axis;
  readonly marks?: readonly VerticalMark[];
  /** What the chart shows, in words, for those who don't see it. */
  readonly summary: string;
  /** Text of a value in the tooltip. */
  readonly value: (y: number) => string;
  readonly heading: (x: number) => string;
}

export interface LineChart {
  readonly element: HTMLElement;
  show(content: LineChartContent): void;
}

/** A line chart that follows its holder's size and the theme. */
export function lineChart(className: string): LineChart {
  const canvas = h('canvas', { role: 'img', 'aria-label': 'Chart' });
  const element = h('div', { class: `chart ${className}` }, canvas);
  let content: LineChartContent | null = null;
  let chart: LineChartInstance | null = null;
  const draw = oncePerFrame(() => {
    if (content === null || !element.isConnected) return;
    setAttribute(canvas, 'aria-label', content.summary);
    const data = { datasets: content.lines.map(dataset) };
    const options = optionsOf(content);
    if (chart === null) chart = createLineChart(canvas, data, options, [verticalMarks(() => content?.marks ?? [])]);
    else {
      chart.data = data;
      Object.assign(chart.options, options);
      chart.update('none');
    }
  });
  onThemeChange(draw);
  return {
    element,
    show(next) {
      content = next;
      draw();
    },
  };
}

function dataset({ label, points, style }: ChartLine): LineConfiguration['data']['datasets'][number] {
  const colour = themeColour(style.colour);
  return {
    label,
    data: points.map(({ x, y }) => ({ x, y })),
    borderColor: colour,
    backgroundColor: colour,
    borderWidth: style.width,
    borderDash: [...style.dash],
    pointStyle: style.marker === 'none' ? false : style.marker,
    pointRadius: style.marker === 'none' ? 0 : style.width > 1.5 ? 4 : 2.5,
    pointHoverRadius: 5,
    pointHitRadius: 12,
    // Markers at the ends of the axes are drawn whole.
    clip: false as const,
  };
}

function optionsOf({ lines, x, y, value, heading }: LineChartContent): LineOptions {
  const text = themeColour('--vscode-foreground');
  const quiet = themeColour('--vscode-descriptionForeground');
  const grid = themeColour('--vscode-charts-lines');
  const font = { family: themeColour('--vscode-font-family'), size: 11 };
  const scale = (axis: Axis, gridded: boolean) => ({
    type: 'linear' as const,
    ...(axis.min === undefined ? {} : { min: axis.min }),
    ...(axis.max === undefined ? {} : { max: axis.max }),
    title: { display: axis.title !== '', text: axis.title, color: quiet, font, padding: 2 },
    border: { color: grid },
    grid: { display: gridded, color: `color-mix(in srgb, ${grid} 35%, transparent)`, tickLength: 4 },
    ticks: {
      color: quiet,
      font,
      maxTicksLimit: gridded ? 6 : 14,
      maxRotation: 0,
      includeBounds: false,
      ...(axis.whole ? { precision: 0 } : {}),
      callback: (tick: string | number) => axis.tick?.(Number(tick)) ?? String(tick),
    },
  });
  return {
    interaction: { mode: 'index', intersect: false },
    layout: { padding: { top: 6, right: 8 } },
    scales: { x: scale(x, false), y: scale(y, true) },
    plugins: {
      decimation: { enabled: true, algorithm: 'min-max' },
      tooltip: {
        backgroundColor: themeColour('--vscode-editorHoverWidget-background', '--vscode-editor-background'),
        borderColor: themeColour('--vscode-editorHoverWidget-border'),
        borderWidth: 1,
        cornerRadius: 3,
        padding: 8,
        titleColor: text,
        titleFont: font,
        bodyColor: text,
        bodyFont: font,
        usePointStyle: true,
        filter: (item) => !lines[item.datasetIndex]?.quiet,
        callbacks: {
          title: (items) => heading(items[0]?.parsed.x ?? 0),
          label: (item) => ` ${item.dataset.label ?? ''}: ${value(item.parsed.y ?? 0)}`,
        },
      },
    },
  };
}
