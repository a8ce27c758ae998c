import Bench from './commands/bench.ts';
import CanaryAbort from './commands/canary/abort.ts';
import CanaryPlan from './commands/canary/plan.ts';
import CanaryResume from './commands/canary/resume.ts';
import CanaryStart from './commands/canary/start.ts';
import CanaryStatus from './commands/canary/status.ts';
import Claims from './commands/claims.ts';
import Demo from './commands/demo.ts';
import Diff from './commands/diff.ts';
import Doctor from './commands/doctor.ts';
import Explain from './commands/explain.ts';
import Gate from './commands/gate.ts';
import KeysAllow from './commands/keys/allow.ts';
import KeysGenerate from './commands/keys/generate.ts';
import Kill from './commands/kill.ts';
import Record from './commands/record.ts';
import Replay from './commands/replay.ts';
import Report from './commands/report.ts';
import Runs from './commands/runs.ts';
import Shadow from './commands/shadow.ts';
import SignalsCapture from './commands/signals/capture.ts';
import SignalsPerturb from './commands/signals/perturb.ts';
import SignalsPublish from './commands/signals/publish.ts';
import SignalsSetup from './commands/signals/setup.ts';
import SignalsVerify from './commands/signals/verify.ts';
import Simulate from './commands/simulate.ts';
import Sweep from './commands/sweep.ts';

/** Explicit list: nothing is found by looking into folders, nothing is loaded that is not named here. */
export const COMMANDS = {
  bench: Bench, 'canary:abort': CanaryAbort, 'canary:plan': CanaryPlan, 'canary:resume': CanaryResume, 'canary:start': CanaryStart, 'canary:status': CanaryStatus,
  claims: Claims, demo: Demo, diff: Diff, doctor: Doctor, explain: Explain, gate: Gate, 'keys:allow': KeysAllow, 'keys:generate': KeysGenerate, kill: Kill, record: Record, replay: Replay,
  report: Report, runs: Runs, shadow: Shadow,
  'signals:capture': SignalsCapture, 'signals:perturb': SignalsPerturb, 'signals:publish': SignalsPublish, 'signals:setup': SignalsSetup, 'signals:verify': SignalsVerify,
  simulate: Simulate, sweep: Sweep,
};
