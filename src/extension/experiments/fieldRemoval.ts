import { createScanner, parseTree, type Edit, type Node } from 'jsonc-parser';

/**
 * The edits that take a property out of an object, with its comma and, where nothing else stands on it, its line. The parser's
 * own removal takes the comments up to the next property along, and these are the researcher's.
 */
export function removalEdits(text: string, key: string): Edit[] {
  const properties = parseTree(text, [], { allowTrailingComma: true })?.children ?? [];
  const index = properties.findIndex((property) => property.children?.[0]?.value === key);
  const property = properties[index];
  if (!property) return [];
  const after = commaAfter(text, property);
  // A last property without a comma leaves that of the one before, which would then trail.
  const before = properties[index - 1];
  const comma = after ?? (before && commaAfter(text, before));
  const spans = [span(property.offset, endOf(property)), ...(comma === undefined ? [] : [span(comma, comma + 1)])];
  return joined(text, spans).map(([start, end]) => ({ offset: start, length: end - start, content: '' }));
}

type Span = readonly [start: number, end: number];
const span = (start: number, end: number): Span => [start, end];
const endOf = ({ offset, length }: Node) => offset + length;

/** Where the comma after a property is, over comments and line breaks; undefined where there is none. */
function commaAfter(text: string, property: Node): number | undefined {
  const scanner = createScanner(text, true);
  scanner.setPosition(endOf(property));
  scanner.scan();
  return text[scanner.getTokenOffset()] === ',' ? scanner.getTokenOffset() : undefined;
}

/** Spans with nothing but space between them as one; one that leaves its line empty takes the line along. */
function joined(text: string, spans: readonly Span[]): Span[] {
  const merged: [number, number][] = [];
  for (const [start, end] of [...spans].sort(([a], [b]) => a - b)) {
    const last = merged.at(-1);
    if (last && text.slice(last[1], start).trim() === '') last[1] = end;
    else merged.push([start, end]);
  }
  return merged.map(([start, end]) => {
    const lineStart = text.lastIndexOf('\n', start - 1) + 1;
    const lineEnd = text.indexOf('\n', end);
    const alone = lineEnd >= 0 && text.slice(lineStart, start).trim() === '' && text.slice(end, lineEnd).trim() === '';
    return alone ? [lineStart, lineEnd + 1] : [start, end];
  });
}
