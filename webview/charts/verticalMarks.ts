import { themeColour } from '../ui/theme';
import type { LinePlugin } from './chart';

/** A place of the x axis where something happened, and what. */
export interface VerticalMark {
  readonly x: number;
  readonly text: string;
}

const [FONT_SIZE, LINE_HEIGHT, GAP, BORDER] = [10, 12, 3, 4];
/** So many texts stand below each other before the next begins at the top again. */
const LEVELS = 3;

/** Draws marks as dashed lines through the whole chart, each with its text beside it; those near each other have theirs at different heights. */
export const verticalMarks = (marks: () => readonly VerticalMark[]): LinePlugin => ({
  id: 'vertical-marks',
  afterDatasetsDraw({ ctx, chartArea: { left, right, top, bottom }, scales }) {
    const axis = scales['x'];
    if (!axis) return;
    ctx.save();
    ctx.font = `${FONT_SIZE}px ${themeColour('--vscode-font-family')}`;
    ctx.textBaseline = 'top';
    ctx.textAlign = 'left';
    const drawn = marks()
      .map(({ x, text }) => ({ at: axis.getPixelForValue(x), text }))
      .filter(({ at }) => at >= left - 1 && at <= right + 1);
    ctx.lineWidth = 1;
    ctx.setLineDash([2, 3]);
    ctx.strokeStyle = themeColour('--vscode-descriptionForeground');
    for (const { at } of drawn) {
      ctx.beginPath();
      ctx.moveTo(at, top);
      ctx.lineTo(at, bottom);
      ctx.stroke();
    }
    // After all lines, and on a border of the page's colour: a text stays readable where lines and curves pass behind it.
    ctx.setLineDash([]);
    ctx.lineJoin = 'round';
    ctx.lineWidth = BORDER;
    ctx.strokeStyle = themeColour('--vscode-editor-background');
    ctx.fillStyle = themeColour('--vscode-foreground');
    drawn.forEach(({ at, text }, i) => {
      const { width } = ctx.measureText(text);
      const start = at + GAP + width <= right ? at + GAP : Math.max(left, at - GAP - width);
      const y = top + (i % LEVELS) * LINE_HEIGHT;
      ctx.strokeText(text, start, y);
      ctx.fillText(text, start, y);
    });
    ctx.restore();
  },
});
