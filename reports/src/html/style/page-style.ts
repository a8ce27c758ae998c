import {HERO_STYLE} from './hero-style.ts';
import {MEDIA_STYLE} from './media-style.ts';
import {PAGE_LAYOUT} from './page-layout.ts';
import {SECTION_STYLE} from './section-style.ts';
import {TOKENS} from './tokens.ts';

/** The whole style sheet of the page, in the order in which rules must win. */
export const PAGE_STYLE = `${TOKENS}${PAGE_LAYOUT}${HERO_STYLE}${SECTION_STYLE}${MEDIA_STYLE}`;
