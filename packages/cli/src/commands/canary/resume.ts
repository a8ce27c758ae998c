import {runFlag, runsFlag} from '../../flag-shapes.ts';
import {TandemCommand} from '../../tandem-command.ts';

export default class CanaryResume extends TandemCommand {
  static override summary = 'go on with a canary whose process died, by its journal';
  static override flags = {run: runFlag, runs: runsFlag};

  protected override async work(): Promise<number> {
    const {canaryResumeWork} = await import('../../work/canary-resume.ts');
    return canaryResumeWork(this.workContext());
  }
}
