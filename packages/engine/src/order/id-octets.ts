/** 1 for every octet that an id or a name may hold: 0x21..0x7E except quote and backslash. */
export const PLAIN_ID: Uint8Array = new Uint8Array(256);
for (let code = 0x21; code <= 0x7e; code++) PLAIN_ID[code] = code === 0x22 || code === 0x5c ? 0 : 1;
