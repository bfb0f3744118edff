/** Levels of lists and objects in each other that are read; no file of ours has ten. What walks through a value calls itself at each level. */
export const MOST_LEVELS = 100;
/** Values in a text, where its reader says nothing else: more than any list of classes or of settings has. */
const MOST_VALUES = 400_000;
/** A text this short is neither too deep nor too full for anybody. */
const HARMLESS = 2000;

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Parses JSON that may come from anywhere. How deep it is and how much it holds is known before memory is taken for it: two characters of text can
 * become a hundred bytes.
 * @throws Error whose message is a clause that says what is wrong
 */
export function parseJson(text: string, mostValues = MOST_VALUES): unknown {
  if (text.length > HARMLESS) assertWithin(text, mostValues);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error('it is not JSON', { cause });
  }
}

/** Counts brackets and commas outside of strings: in what is JSON these are all that make a value. */
function assertWithin(text: string, mostValues: number): void {
  let [level, values] = [0, 1];
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case QUOTE:
        i = endOfString(text, i);
        break;
      case OPEN_LIST:
      case OPEN_OBJECT:
        values++;
        if (++level > MOST_LEVELS) throw new Error(`it has more than ${MOST_LEVELS} levels of lists and objects in each other`);
        break;
      case CLOSE_LIST:
      case CLOSE_OBJECT:
        level--;
        break;
      case COMMA:
        values++;
    }
  }
  if (values > mostValues) throw new Error(`it holds more than ${mostValues} values`);
}

/** Where the quotation mark stands that ends a string; the text's end where none does. */
function endOfString(text: string, begin: number): number {
  for (let end = text.indexOf('"', begin + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return end;
  }
  return text.length;
}
