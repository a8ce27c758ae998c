/** Seed of every random test: TANDEM_SEED repeats a run; it is printed when a property fails (fast-check does so itself). */
export const seed: number = Number(process.env['TANDEM_SEED'] ?? Math.floor(Date.now() % 1_000_000_007));
/** heavy variants run only when asked for */
export const deep: boolean = process.env['TANDEM_DEEP'] === '1';
