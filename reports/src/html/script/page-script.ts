import {CAUSE_TOOLS} from './cause-tools.ts';
import {CHART_CURSOR} from './chart-cursor.ts';
import {DOWNLOADS} from './downloads.ts';
import {PAGE_KEYS} from './page-keys.ts';
import {PAGE_START} from './page-start.ts';

/** The whole script of the page: the same text for every report, so its hash in the policy never depends on data. */
export const PAGE_SCRIPT = `'use strict';{${PAGE_START}${CHART_CURSOR}${CAUSE_TOOLS}${DOWNLOADS}${PAGE_KEYS}}`;
