/** One thing that doctor looks at. */
export interface Check {
  readonly id: string;
  readonly label: string;
  /** throws nothing: what goes wrong is a result */
  look(): Promise<CheckResult>;
}

export interface CheckResult {
  readonly state: 'ok' | 'warn' | 'fail';
  readonly seen: string;
  /** the command or edit that repairs it; only when it is not ok */
  readonly fix?: string;
}

export const ok = (seen: string): CheckResult => ({state: 'ok', seen});
export const warn = (seen: string, fix: string): CheckResult => ({state: 'warn', seen, fix});
export const fail = (seen: string, fix: string): CheckResult => ({state: 'fail', seen, fix});

/** Runs a check within a time limit; a throw becomes a failure with its message. */
export const runCheck = async (check: Check, limitMs: number): Promise<CheckResult> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<CheckResult>((done) => { timer = setTimeout(() => { done(fail(`no answer within ${limitMs} ms`, 'run tandem doctor again; if it stays, report it')); }, limitMs); });
  try {
    return await Promise.race([check.look(), late]);
  } catch (error) {
    const detail = (error as {detail?: {what?: string; seen?: string; fix?: string}}).detail;
    return fail(detail === undefined ? (error as Error).message : `${(detail.what ?? '').replace(/\.$/, '')}${detail.seen === undefined ? '' : `: ${detail.seen}`}`, detail?.fix ?? 'see the message');
  } finally {
    clearTimeout(timer);
  }
};
