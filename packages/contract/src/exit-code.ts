/** Stable exit codes of every command; `tandem help exit-codes` prints this table. */
export const EXIT_CODE = {
  pass: 0,
  bug: 1,
  usage: 2,
  environment: 3,
  fail: 10,
  inconclusive: 11,
  rolledBack: 12,
  runtime: 69,
  interrupted: 130,
  terminated: 143,
} as const;
