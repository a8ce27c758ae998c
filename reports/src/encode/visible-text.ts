/** Characters that reorder, hide or end text without being seen: bidi controls, separators, zero-width, tags, non-characters. */
const UNSEEN = /[\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff]|[\u{e0000}-\u{e007f}]/gu;
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/g;

const hex = (code: number, width: number): string => code.toString(16).padStart(width, '0');

/** `\x1b` for one control character, so that a reader sees it and no program obeys it. */
const controlEscape = (character: string): string => {
  if (character === '\n') return '\\n';
  if (character === '\r') return '\\r';
  if (character === '\t') return '\\t';
  return `\\x${hex(character.charCodeAt(0), 2)}`;
};

/** Unseen characters as `\u202e`; lone surrogates as U+FFFD, which every sink can write. */
export const showUnseen = (text: string): string => text.toWellFormed().replace(UNSEEN, (character) => {
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\u{${hex(code, 5)}}` : `\\u${hex(code, 4)}`;
});

/** One line of text in which every control and every unseen character is visible. */
export const visibleLine = (text: string): string => showUnseen(text).replace(CONTROL, controlEscape);

/** `text` cut to at most `charactersMax` UTF-16 units without splitting a pair; says how much is missing. */
export const clip = (text: string, charactersMax: number): string => {
  if (text.length <= charactersMax) return text;
  return `${text.slice(0, charactersMax).replace(/[\ud800-\udbff]$/, '')}… (${text.length - charactersMax} more)`;
};
