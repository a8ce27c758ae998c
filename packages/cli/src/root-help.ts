/** The command tree by intent, the first group first; `tandem --help` prints it without loading anything else. */
export const COMMAND_GROUPS: readonly {readonly title: string; readonly commands: readonly (readonly [name: string, summary: string])[]}[] = [
  {title: 'START HERE', commands: [
    ['demo', 'a Python order gateway, its TypeScript twin, shadowing and a report, on loopback'],
    ['doctor', 'Node, Python, sockets, clock: every x comes with its fix'],
  ]},
  {title: 'SHADOW', commands: [
    ['record', 'tap live traffic into a capture'],
    ['replay', 'a capture through both systems: parity, latency, CPU, memory, verdict'],
    ['shadow', 'live traffic through both systems until Ctrl-C, --for or --messages'],
    ['keys generate', 'a CURVE key pair for a tap, or for a socket that other hosts reach'],
    ['keys allow', 'put the holder of a public key on an allow-list'],
  ]},
  {title: 'UNDERSTAND', commands: [
    ['runs', 'the runs that there are, latest first: kind, verdict, messages compared'],
    ['diff', 'differences of a run by cause, biggest first'],
    ['explain', 'one message: input, both outputs, the deciding rule, how to repeat it'],
    ['report', 'one HTML file, or JUnit, Markdown, JSON, of a run'],
  ]},
  {title: 'DECIDE', commands: [
    ['bench', 'open-loop load on both, interleaved, up to the highest rate that legacy holds'],
    ['gate', 'judge a run again: 0 pass, 10 fail, 11 inconclusive'],
    ['canary plan', 'what a canary of this migration would do'],
    ['canary start', 'move ownership of outputs from legacy to candidate, stage by stage'],
    ['canary status', 'where a canary stands'],
    ['canary resume', 'go on with a canary whose process died'],
    ['canary abort', 'everything back to legacy'],
    ['kill', 'the kill switch: everything back to legacy at once, or halt'],
    ['claims', 'measure every figure that this project states about itself'],
  ]},
  {title: 'SIGNALS', commands: [
    ['simulate', 'a strategy over recorded ticks, through a cursor that only advances'],
    ['sweep', 'a grid of simulations over all cores, resumable'],
    ['signals perturb', 'change the future and see whether features notice'],
    ['signals verify', 'hold a signal log against its hash chain and published heads'],
    ['signals publish', 'a signal log into an object store, each block written once'],
    ['signals capture', 'recorded ticks as a capture'],
    ['signals setup', 'the Python of the signal legacies'],
  ]},
];

export const rootHelp = (): string => {
  const lines = ['tandem: shadow a live Python system with its TypeScript replacement, prove it, cut over', '', 'USAGE  tandem <command> [flags]      tandem <command> --help', ''];
  for (const {title, commands} of COMMAND_GROUPS) {
    lines.push(title, ...commands.map(([name, summary]) => `  ${name.padEnd(15)} ${summary}`), '');
  }
  lines.push('Also: tandem help config · tandem help exit-codes · tandem --version', '');
  return lines.join('\n');
};

export const exitCodeHelp = `EXIT CODES
   0  pass, done
   1  a defect of tandem
   2  usage or migration file
   3  environment: endpoint, port, Python, disk
  10  gate failed: what was checked is wrong, also a lane that answers garbage or twice
  11  inconclusive: too little or disturbed evidence, a lane that died, a message lost
  12  the canary returned everything to legacy by itself
  69  no suitable Node
 130  stopped by SIGINT, 143 by SIGTERM, after the run folder was written
`;
