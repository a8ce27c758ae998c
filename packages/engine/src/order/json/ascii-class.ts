/** What an octet may be inside a text of the wire, for the fast scanner. */
const table = new Uint8Array(256);
for (let code = 0x21; code <= 0x7e; code++) table[code] = 1;
// the quote ends a text; a backslash needs the exact decoder; so do brackets, which are counted even inside texts
for (const code of [0x22, 0x5c, 0x5b, 0x7b]) table[code] = 0;

/** 1 for every octet that is plain text in an id or a name */
export const PLAIN: Uint8Array = table;
