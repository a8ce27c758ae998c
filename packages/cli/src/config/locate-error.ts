/** Lines of a file, 1-based, at which something that happened in it began; null when that cannot be told. */

/** The line of the file in an error's stack. */
export const stackLine = (file: string, {stack = ''}: Error): number | null => {
  const match = new RegExp(`${file.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?:\\?\\w+)?:(\\d+)`).exec(stack);
  return match === null ? null : Number(match[1]);
};

/** The line that imports what was not found. */
export const importLine = (text: string, message: string): number | null => {
  const name = /Cannot find (?:module|package) '([^']+)'/.exec(message)?.[1]?.split('/').at(-1);
  const at = name === undefined ? -1 : text.indexOf(name);
  return at < 0 ? null : lineAt(text, at);
};

/** Where JSON stops being JSON: the shortest beginning that no continuation can repair ends there. */
export const brokenJsonLine = (text: string): number | null => {
  let [good, bad] = [0, text.length];
  if (!isBroken(text)) return lineAt(text, text.length);
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (isBroken(text.slice(0, middle))) bad = middle;
    else good = middle;
  }
  return lineAt(text, Math.max(0, bad - 1));
};

const isBroken = (text: string): boolean => {
  try {
    JSON.parse(text);
    return false;
  } catch (error) {
    const {message} = error as Error;
    const position = /at position (\d+)/.exec(message)?.[1];
    // what complains only about its end may go on well
    return !message.includes('end of JSON input') && !(position !== undefined && Number(position) >= text.length);
  }
};

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;
