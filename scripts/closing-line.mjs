// One line that any reader of a log understands: how many checks ran and how they ended.
/** @typedef {{name: string, passed: number, failed: number, skipped: number}} Tally */

/** @param {readonly Tally[]} tallies */
export const closingLine = (tallies) => {
  const sum = (key) => tallies.reduce((total, tally) => total + tally[key], 0);
  return `${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`;
};
