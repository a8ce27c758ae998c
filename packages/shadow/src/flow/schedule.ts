/** When inputs are to be sent. `max`: as fast as the slowest lane allows. */
export type Schedule =
  | {readonly kind: 'max'}
  /** input i at t0 + i / rate */
  | {readonly kind: 'rate'; readonly ratePerSecond: number}
  /** the distances of the recording, divided by `speed` */
  | {readonly kind: 'recorded'; readonly speed: number};

/** The planned time of input `index` (from 0), ns on the clock of `startNs`; null: there is no plan, send when you can. */
export type PlannedTime = (index: number, recordedNs: number) => number | null;

/**
 * Turns a schedule into a function of position and recorded time. Planned times never depend on what was sent before, so a
 * stall of the sender or of a lane cannot move the plan. A recording whose clock goes back is planned at its latest time.
 */
export function plannedTimes(schedule: Schedule, startNs: number, firstRecordedNs: number): PlannedTime {
  switch (schedule.kind) {
    case 'max':
      return () => null;
    case 'rate': {
      const {ratePerSecond} = schedule;
      if (!(ratePerSecond > 0) || !Number.isFinite(ratePerSecond)) throw new RangeError(`rate ${ratePerSecond} is not above 0`);
      // Multiply before dividing: adding up a rounded interval would drift by index * error.
      return (index) => startNs + Math.floor(index * 1e9 / ratePerSecond);
    }
    case 'recorded': {
      const {speed} = schedule;
      if (!(speed > 0) || !Number.isFinite(speed)) throw new RangeError(`speed ${speed} is not above 0`);
      let latestNs = 0;
      return (_index, recordedNs) => {
        latestNs = Math.max(latestNs, (recordedNs - firstRecordedNs) / speed);
        return startNs + Math.floor(latestNs);
      };
    }
  }
}
