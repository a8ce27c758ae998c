const NS_PER_MS = 1e6;
/** CLOCK_MONOTONIC when performance.now() was 0, taken once: the cheap clock is then exact enough (microseconds) and never goes back. */
const originNs = Number(process.hrtime.bigint()) - performance.now() * NS_PER_MS;

/** CLOCK_MONOTONIC in ns as an integer, exact below 2^53 (104 days of uptime). */
export const monoNs = (): number => Math.floor(originNs + performance.now() * NS_PER_MS);
