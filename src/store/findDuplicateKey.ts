import { visit } from 'jsonc-parser';

/**
 * The first name that stands twice in one JSON object of a text, at any depth, with its place (both counted from 1);
 * null where there is none. The text may have comments.
 */
export function findDuplicateKey(text: string): { key: string; line: number; column: number } | null {
  const open: Set<string>[] = [];
  let found: { key: string; line: number; column: number } | null = null;
  visit(text, {
    onObjectBegin: () => {
      open.push(new Set());
    },
    onObjectEnd: () => {
      open.pop();
    },
    onObjectProperty: (key, _offset, _length, line, character) => {
      const keys = open.at(-1);
      if (keys?.has(key)) found ??= { key, line: line + 1, column: character + 1 };
      keys?.add(key);
    },
  });
  return found;
}
