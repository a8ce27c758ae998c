import type {DivergenceGroup} from '@tandem/contract';

/** What the demo plants, in words, and the group of differences in which it shows by itself. */
export const PLANTED_BUGS: readonly {readonly name: string; readonly shows: (group: DivergenceGroup) => boolean}[] = [
  {name: 'the average price is cut off at the tick instead of divided', shows: ({path}) => path === '/avgPx'},
  {name: 'the quantity limit was carried over one lot too low', shows: ({path, title}) => path === '' && title.includes('QTY_MAX')},
];

/** Each planted bug with the largest group that shows it; null: the harness did not find it. */
export const foundBugs = (groups: readonly DivergenceGroup[]): readonly {readonly name: string; readonly group: DivergenceGroup | null}[] =>
  PLANTED_BUGS.map(({name, shows}) => ({name, group: groups.filter(shows).sort((left, right) => right.count - left.count)[0] ?? null}));
