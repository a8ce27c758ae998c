/** How a test's planted end (`name@n`) reaches a program of ours; with `tell` the program says that it is there and goes on. */
export const plantedEnv = (spec: string | undefined, tell: boolean | undefined): Record<string, string> =>
  (spec === undefined ? {} : {TANDEM_CRASHPOINT: spec, ...(tell === true ? {TANDEM_CRASHPOINT_TELL: '1'} : {})});
