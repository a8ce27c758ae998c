import {PLAIN_ID} from '../id-octets.ts';

/** What an octet may be inside a text for the fast scanner: brackets are left to the exact decoder, because they are counted even inside texts. */
export const PLAIN: Uint8Array = Uint8Array.from(PLAIN_ID);
PLAIN[0x5b] = 0;
PLAIN[0x7b] = 0;
