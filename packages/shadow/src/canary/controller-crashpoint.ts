/** Points at which a test ends the controller; enumerated by the tests. */
export const CONTROLLER_CRASHPOINTS = ['before-propose', 'after-propose-sent', 'after-answer', 'after-promote', 'during-rollback'] as const;

export type ControllerCrashpoint = (typeof CONTROLLER_CRASHPOINTS)[number];

/** `name@n`: dies the n-th time that the point is reached, or tells when `tell` is given. */
export function controllerCrashpoints(spec: string | undefined, tell: ((name: string) => void) | null): (name: ControllerCrashpoint) => void {
  const [wanted = '', at = '1'] = (spec ?? '').split('@');
  let seen = 0;
  return (name) => {
    if (name !== wanted) return;
    seen += 1;
    if (seen !== Number(at)) return;
    if (tell !== null) tell(name);
    else process.kill(process.pid, 'SIGKILL');
  };
}
