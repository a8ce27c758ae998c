import Doctor from './commands/doctor.ts';

/** Explicit list: nothing is found by looking into folders, nothing is loaded that is not named here. */
export const COMMANDS = {
  doctor: Doctor,
};
