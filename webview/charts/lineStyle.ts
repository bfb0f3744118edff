/** How a line looks. Lines differ in dash and marker as well as in colour, so that they are told apart without it. */
export interface LineStyle {
  /** A theme variable. */
  readonly colour: string;
  readonly dash: readonly number[];
  readonly marker: 'circle' | 'triangle' | 'rect' | 'rectRot' | 'none';
  readonly width: number;
}

const COLOURS = ['blue', 'orange', 'green', 'purple', 'red', 'yellow'].map((name) => `--vscode-charts-${name}`);
const DASHES: readonly (readonly number[])[] = [[], [7, 3], [2, 3], [9, 3, 2, 3], [4, 4], [12, 3]];
const MARKERS = ['circle', 'triangle', 'rect', 'rectRot'] as const;

/** Style of the n-th of several runs. */
export const runStyle = (n: number): LineStyle => ({
  colour: COLOURS[n % COLOURS.length] ?? '--vscode-charts-blue',
  dash: DASHES[(n + Math.floor(n / COLOURS.length)) % DASHES.length] ?? [],
  marker: MARKERS[n % MARKERS.length] ?? 'circle',
  width: 2,
});

export const ALL_STYLE: LineStyle = { colour: '--vscode-charts-blue', dash: [], marker: 'circle', width: 2.5 };
export const FIRST_STYLE: LineStyle = { colour: '--vscode-charts-orange', dash: [7, 3], marker: 'triangle', width: 2 };
export const PAPER_STYLE: LineStyle = { colour: '--vscode-charts-orange', dash: [7, 3], marker: 'triangle', width: 2 };
export const STANDARD_STYLE: LineStyle = { colour: '--vscode-charts-purple', dash: [], marker: 'rect', width: 2 };
export const LOSS_STYLE: LineStyle = { colour: '--vscode-charts-blue', dash: [], marker: 'none', width: 1.5 };

/** What others report: to be compared with, and not this run's. */
export const referenceStyle = (n: number): LineStyle => ({
  colour: '--vscode-descriptionForeground',
  dash: n % 2 === 0 ? [3, 4] : [8, 4],
  marker: MARKERS[(n + 3) % MARKERS.length] ?? 'rectRot',
  width: 1.5,
});
/** A standard deviation above and below a mean. */
export const spreadStyle = ({ colour }: LineStyle): LineStyle => ({ colour, dash: [1, 3], marker: 'none', width: 1 });

/** One of many phase groups: they are told apart in the table. */
export const CROWD_STYLE: LineStyle = { colour: '--vscode-descriptionForeground', dash: [], marker: 'none', width: 0.8 };

/** A phase group's line: thin, as it is context for the two main ones. */
export const groupStyle = (group: number): LineStyle => ({
  colour:
    ['--vscode-charts-green', '--vscode-charts-purple', '--vscode-charts-red', '--vscode-charts-yellow'][(group - 1) % 4] ??
    '--vscode-charts-green',
  dash: DASHES[1 + ((group - 1) % (DASHES.length - 1))] ?? [],
  marker: MARKERS[group % MARKERS.length] ?? 'rect',
  width: 1,
});
