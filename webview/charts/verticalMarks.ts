import { themeColour } from '../ui/theme';
import type { LinePlugin } from './chart';

/** A place of the x axis where something happened, and what. */
export interface VerticalMark {
  readonly x: number;
  readonly text: string;
}

const [FONT_SIZE, LINE_HEIGHT, GAP] = [10, 12, 3];
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
    ctx.lineWidth = 1;
    ctx.setLineDash([2, 3]);
    marks().forEach(({ x, text }, i) => {
      const at = axis.getPixelForValue(x);
      if (at < left - 1 || at > right + 1) return;
      ctx.strokeStyle = themeColour('--vscode-descriptionForeground');
      ctx.beginPath();
      ctx.moveTo(at, top);
      ctx.lineTo(at, bottom);
      ctx.stroke();
      const { width } = ctx.measureText(text);
      const start = at + GAP + width <= right ? at + GAP : Math.max(left, at - GAP - width);
      ctx.fillStyle = themeColour('--vscode-foreground');
      ctx.fillText(text, start, top + (i % LEVELS) * LINE_HEIGHT);
    });
    ctx.restore();
  },
});
