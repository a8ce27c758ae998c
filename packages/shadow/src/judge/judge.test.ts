import type {Evidence, GateLimits, GateResult, Outcome, Verdict} from '@tandem/contract';
import {OUTCOME_PRECEDENCE} from '@tandem/contract';
import {describe, expect, it} from 'vitest';
import {basisOf, demands, goodEvidence, healthOf, latencyOf, parityOf, parityWith, resourcesOf, samplesOf} from './fixtures/good-evidence.ts';
import {judge} from './judge.ts';
import type {JudgeBasis} from './judge-input.ts';

interface Case {
  readonly evidence?: Partial<Evidence>;
  readonly limits?: Partial<GateLimits>;
  readonly basis?: Partial<JudgeBasis>;
}

function verdictOf({evidence, limits, basis}: Case): Verdict {
  return judge(goodEvidence(evidence), demands(limits), basisOf(basis));
}

function gateOf(verdict: Verdict, id: string): GateResult {
  const gate = verdict.gates.find((candidate) => candidate.id === id);
  if (gate === undefined) throw new Error(`no gate ${id} among ${verdict.gates.map((each) => each.id).join(', ')}`);
  return gate;
}

/** The planted cause must decide both the gate and the verdict, and the reason must name it. */
function expectDecided(planted: Case, id: string, outcome: Outcome, reason: RegExp): void {
  const verdict = verdictOf(planted);
  const gate = gateOf(verdict, id);
  expect(gate.reason).toMatch(reason);
  expect(gate.outcome).toBe(outcome);
  expect(verdict.outcome).toBe(outcome);
}

const conservation = parityOf({}).conservation;

describe('a good run', () => {
  const verdict = verdictOf({});
  it('passes, every gate with a reason and figures', () => {
    expect(verdict.gates.filter((gate) => gate.outcome !== 'pass')).toEqual([]);
    expect(verdict.outcome).toBe('pass');
    for (const gate of verdict.gates) {
      expect(gate.reason, gate.id).not.toBe('');
      expect(gate.seen, gate.id).not.toBe('');
      expect(gate.limit, gate.id).not.toBe('');
    }
  });
  it('says what was proven: fewer than ln(20) / n mismatches', () => {
    expect(verdict.proven.messages).toBe(100_000);
    expect(verdict.proven.mismatchRateBelow).toBeCloseTo(Math.log(20) / 100_000, 12);
    expect(verdict.summary).toMatch(/100,000 compared messages; fewer than 0.003 % of messages mismatch/);
  });
  it('carries the evidence hash and where a gate stands', () => {
    expect(verdict.evidenceHash).toBe('a'.repeat(64));
    expect(gateOf(verdict, 'latency.p99').source).toBe('tandem.config.ts:14');
    expect(gateOf(verdict, 'cpu.ratio').source).toBe('default');
  });
  it('is judged the same again from its own text', () => {
    const stored: Evidence = JSON.parse(JSON.stringify(goodEvidence())) as Evidence;
    expect(judge(stored, demands(), basisOf())).toEqual(verdict);
  });
});

describe('amount of evidence', () => {
  it('no message is no data', () => { expectDecided({evidence: {messages: 0, parity: parityOf({conservation: {...conservation, in: 0, compared: 0}, outputs: 0, matched: 0})}}, 'evidence.messages', 'no-data', /no message was fed/); });
  it('nothing compared is no data', () => { expectDecided({evidence: {parity: null, floor: null}}, 'evidence.messages', 'no-data', /no message was compared/); });
  it('outputs never came: no data, not zero mismatches', () => { expectDecided({evidence: {parity: parityOf({outputs: 0, matched: 0})}}, 'parity.mismatches', 'no-data', /no output was compared/); });
  it('too few messages are inconclusive', () => { expectDecided({limits: {minMessages: 100_001}}, 'evidence.messages', 'inconclusive', /100,000 compared messages are fewer than the 100,001/); });
  it('a figure that is none is harness loss', () => { expectDecided({evidence: {harnessStallNsMax: Number.NaN}}, 'evidence.sound', 'harness-loss', /harnessStallNsMax/); });
});

describe('conservation and loss', () => {
  it.each([['stated', {...conservation, remainder: 3}], ['hidden', {...conservation, compared: 99_997}], ['not a number', {...conservation, inFlight: Number.NaN}]])(
    'a %s remainder is harness loss', (_, broken) => { expectDecided({evidence: {parity: parityOf({conservation: broken})}}, 'evidence.conservation', 'harness-loss', /unaccounted for/); },
  );
  it('the floor must balance too', () => {
    expectDecided({evidence: {floor: parityOf({actual: 'twin', conservation: {...conservation, remainder: -1}})}}, 'evidence.conservation', 'harness-loss', /legacy against twin/);
  });
  it('loss above the budget never passes', () => {
    expectDecided({evidence: {parity: parityOf({conservation: {...conservation, compared: 99_999, lost: {'tap gap': 1}}})}}, 'evidence.loss', 'inconclusive', /0.001 % of the inputs were lost \(1 tap gap\)/);
  });
  it('explained loss within the budget passes and is shown', () => {
    const verdict = verdictOf({evidence: {parity: parityOf({conservation: {...conservation, compared: 99_950, lost: {'tap gap': 50}}})}, limits: {parity: {mismatches: 0, lossBudget: 0.001}}});
    expect(verdict.outcome).toBe('pass');
    expect(gateOf(verdict, 'evidence.loss').reason).toMatch(/50 tap gap/);
  });
  it('inputs in flight at the end never pass', () => {
    expectDecided({evidence: {parity: parityOf({conservation: {...conservation, compared: 99_998, inFlight: 2}})}}, 'evidence.loss', 'inconclusive', /2 inputs had no final answer/);
  });
  it('a gap of unknown size never passes', () => { expectDecided({evidence: {gaps: {messages: 0, records: 1, unknown: 1}}}, 'evidence.loss', 'inconclusive', /unknown size/); });
  it('what the log lacks and what came and was lost add up, of all that was sent', () => {
    const half = {conservation: {...conservation, compared: 80_000, lost: {'input above 1 MiB': 20_000}}};
    expectDecided({evidence: {parity: parityOf(half), gaps: {messages: 100_000, records: 1, unknown: 0}}, limits: {parity: {mismatches: 0, lossBudget: 0.5}}}, 'evidence.loss', 'inconclusive', /60 % of the inputs were lost/);
  });
  it('messages in gaps count as lost', () => { expectDecided({evidence: {gaps: {messages: 7, records: 1, unknown: 0}}}, 'evidence.loss', 'inconclusive', /gaps in the log/); });
});

describe('lanes', () => {
  const withCandidate = (change: Parameters<typeof healthOf>[1]): Partial<Evidence> => ({lanes: [healthOf('legacy'), healthOf('twin'), healthOf('candidate', change)]});
  it('a crashed lane is an error that names it and its last words', () => {
    const planted = {evidence: withCandidate({state: 'crashed', exitCode: 1, stderrTail: ['boot', 'TypeError: x is undefined'], watermark: 4711})};
    expectDecided(planted, 'evidence.lane.candidate', 'error', /candidate lane \(node 26\) crashed, exit code 1 at input 4,711; its last words: boot \| TypeError/);
  });
  it('a hung lane is an error', () => { expectDecided({evidence: withCandidate({state: 'hung', exitCode: null, signal: 'SIGKILL'})}, 'evidence.lane.candidate', 'error', /stopped answering, signal SIGKILL/); });
  it('a lane that never came up is an error', () => { expectDecided({evidence: withCandidate({state: 'missing', exitCode: 127})}, 'evidence.lane.candidate', 'error', /never came up/); });
  it('a lane without a report is inconclusive', () => { expectDecided({evidence: {lanes: [healthOf('legacy'), healthOf('twin')]}}, 'evidence.lane.candidate', 'inconclusive', /nothing says what became of the candidate/); });
  it('a restarted lane is inconclusive', () => { expectDecided({evidence: withCandidate({restarts: 1})}, 'evidence.lane.candidate', 'inconclusive', /restarted 1 time/); });
});

describe('parity', () => {
  it('a mismatch in a field that the legacy repeats fails', () => {
    expectDecided({evidence: {parity: parityWith('candidate', [['/price', 1]])}}, 'parity.mismatches', 'fail', /1 differences: 1 x \/price of kind 8 \(the legacy never differed from its twin here in 100,000 messages\)/);
  });
  it('without a twin nothing excuses a difference', () => {
    expectDecided({evidence: {floor: null, lanes: [healthOf('legacy'), healthOf('candidate')], parity: parityWith('candidate', [['/price', 1]])}}, 'parity.mismatches', 'fail', /no twin ran/);
  });
  it('fails also with too few messages: what is wrong stays wrong', () => {
    const verdict = verdictOf({evidence: {parity: parityWith('candidate', [['/price', 2]])}, limits: {minMessages: 1_000_000}});
    expect(verdict.outcome).toBe('fail');
    expect(gateOf(verdict, 'evidence.messages').outcome).toBe('inconclusive');
  });
  it('counts up to the limit pass', () => { expect(verdictOf({evidence: {parity: parityWith('candidate', [['/price', 2]])}, limits: {parity: {mismatches: 2, lossBudget: 0}}}).outcome).toBe('pass'); });
  it('differences that no listed group covers count as well', () => {
    expectDecided({evidence: {parity: parityOf({byClass: {value: 5}})}}, 'parity.mismatches', 'fail', /5 x \(not in any listed group\)/);
  });
  it('a count that is not a number fails', () => { expectDecided({evidence: {parity: parityOf({byClass: {value: Number.NaN}})}}, 'parity.mismatches', 'fail', /not in any listed group/); });
  it('benign classes do not fail but are shown', () => {
    const verdict = verdictOf({evidence: {parity: parityWith('candidate', [['/price', 900, 'format-only']])}});
    expect(verdict.outcome).toBe('pass');
    expect(gateOf(verdict, 'parity.mismatches').seen).toMatch(/900 format-only \(does not count\)/);
  });
  it('unequal state fails and says where first', () => {
    expectDecided({evidence: {parity: parityOf({stateChecks: {equal: 3, unequal: 2, firstUnequalSeq: 30_000}})}}, 'parity.state', 'fail', /2 state digests differ, first at input 30,000/);
  });
  it('unequal state that the legacy shares with its twin is inconclusive', () => {
    const stateChecks = {equal: 3, unequal: 2, firstUnequalSeq: 9};
    expectDecided({evidence: {parity: parityOf({stateChecks}), floor: parityOf({actual: 'twin', stateChecks})}}, 'parity.state', 'inconclusive', /its own twin's/);
  });
  it('lanes without digests have no state gate', () => {
    const verdict = verdictOf({evidence: {parity: parityOf({stateChecks: {equal: 0, unequal: 0, firstUnequalSeq: null}})}});
    expect(verdict.gates.map((gate) => gate.id)).not.toContain('parity.state');
  });
});

describe('noisy fields', () => {
  const noisy = (candidate: number, twin: number): Partial<Evidence> => ({parity: parityWith('candidate', [['/venueTime', candidate]]), floor: parityWith('twin', [['/venueTime', twin]])});
  const paired = (onlyCandidate: number, onlyTwin: number, both = 0, compared = 100_000, unpaired = 0): Partial<Evidence> => ({paired: [{outputKind: '8', path: '/venueTime', compared, onlyCandidate, onlyTwin, both, unpaired}]});
  it('as noisy as the legacy is inconclusive without counts per triple', () => { expectDecided({evidence: noisy(400, 400)}, 'parity.mismatches', 'inconclusive', /400 times, the candidate 400.*counts per triple/); });
  it('much noisier fails even so, because overlap can only strengthen it', () => { expectDecided({evidence: noisy(600, 400)}, 'parity.mismatches', 'fail', /far more often: e-value 10\^/); });
  it('as noisy as the legacy passes with counts per triple', () => {
    const verdict = verdictOf({evidence: {...noisy(500, 500), ...paired(420, 420, 80)}});
    expect(verdict.outcome).toBe('pass');
    expect(gateOf(verdict, 'parity.mismatches').reason).toMatch(/500 differences in noisy fields are no more than the legacy's own/);
  });
  it('counts per triple find what totals hide', () => { expectDecided({evidence: {...noisy(460, 400), ...paired(70, 10, 390)}}, 'parity.mismatches', 'fail', /far more often/); });
  it('too few triples are inconclusive', () => { expectDecided({evidence: {...noisy(9, 8), ...paired(9, 8)}}, 'parity.mismatches', 'inconclusive', /more messages are needed/); });
  it('a field that always differs is unverified, not good', () => {
    expectDecided({evidence: {...noisy(100_000, 100_000), ...paired(2000, 2000, 98_000)}}, 'parity.mismatches', 'inconclusive', /comparing it says nothing/);
  });
  it('differences of which the twin knows nothing are undecided', () => {
    expectDecided({evidence: {...noisy(500, 500), ...paired(420, 420, 80, 100_000, 3)}}, 'parity.mismatches', 'inconclusive', /3 differences of the candidate the twin's answer is not known/);
  });
  it('a field that is rare and then mostly differs is unverified too', () => {
    expectDecided({evidence: {...noisy(500, 500), ...paired(420, 420, 80, 800)}}, 'parity.mismatches', 'inconclusive', /500 of 800 comparisons: comparing it says nothing/);
  });
  it('a clean field beside a noisy one still fails', () => {
    const evidence = {parity: parityWith('candidate', [['/venueTime', 400], ['/price', 1]]), floor: parityWith('twin', [['/venueTime', 400]])};
    expectDecided({evidence}, 'parity.mismatches', 'fail', /^1 differences: 1 x \/price/);
  });
  it('waits for enough clean triples before a single difference fails', () => {
    const floor = parityOf({actual: 'twin', conservation: {...conservation, in: 20_000, compared: 20_000}});
    expectDecided({evidence: {parity: parityWith('candidate', [['/price', 1]]), floor}}, 'parity.mismatches', 'inconclusive', /46,052 are needed/);
    expectDecided({evidence: {parity: parityWith('candidate', [['/price', 14]]), floor}}, 'parity.mismatches', 'fail', /chance does not explain/);
    expectDecided({evidence: {parity: parityWith('candidate', [['/price', 1]])}}, 'parity.mismatches', 'fail', /100,000 messages/);
  });
});

describe('ignore rules', () => {
  const waiver = basisOf().waivers.ignores[0];
  if (waiver === undefined) throw new Error('fixture without waiver');
  it('too much ignored fails', () => { expectDecided({evidence: {parity: parityOf({fieldsIgnored: 400_000})}}, 'parity.ignored', 'fail', /11.8 % of the fields are ignored/); });
  it('an expired rule fails', () => { expectDecided({basis: {judgedOn: '2027-04-01'}}, 'parity.ignored', 'fail', /expired before 2027-04-01: \/latencyUs \(oms: measured, not decided; until 2027-03-31\)/); });
  it('its last day still counts', () => { expect(verdictOf({basis: {judgedOn: '2027-03-31'}}).outcome).toBe('pass'); });
  it('a rule that matched nothing is inconclusive', () => {
    expectDecided({basis: {waivers: {maxIgnoredShare: 0.1, ignores: [waiver, {...waiver, path: '/nope', source: 'tandem.config.ts:13'}]}}}, 'parity.ignored', 'inconclusive', /matched nothing.*\/nope \(tandem.config.ts:13\)/);
  });
});

describe('latency', () => {
  const sides = (legacyNs: number, candidateNs: number, twinNs = legacyNs * 1.02): Partial<Evidence> => ({latency: [latencyOf('legacy', legacyNs), latencyOf('twin', twinNs), latencyOf('candidate', candidateNs)]});
  const unsteady = {noise: {spinMs: 2000, gaps: 900, worstGapNs: 12e6, stealShare: 0.09, steady: false, reasons: ['the hypervisor took 9.0 %, limit 5.0 %']}};
  it('fails when even the lower end is above the limit', () => { expectDecided({evidence: sides(400_000, 300_000)}, 'latency.p99', 'fail', /even the lower end 291 µs exceeds 0.5 x the legacy's upper end 412 µs/); });
  it('is inconclusive when the intervals straddle the limit', () => { expectDecided({evidence: sides(400_000, 200_000)}, 'latency.p99', 'inconclusive', /straddle the limit of 0.5 x: candidate 194 µs to 206 µs/); });
  it('is inconclusive when nearer to the limit than the legacy to its twin', () => { expectDecided({evidence: sides(400_000, 180_000, 480_000)}, 'latency.p99', 'inconclusive', /smaller than that between the legacy and its own twin \(1.2 x/); });
  it('has no upper end: inconclusive', () => {
    const open = latencyOf('candidate', 40_000, {intervalsNs: {'0.99': [38_000, null]}});
    expectDecided({evidence: {latency: [latencyOf('legacy', 400_000), latencyOf('twin', 401_000), open]}}, 'latency.p99', 'inconclusive', /no upper end/);
  });
  it('is inconclusive without measurement', () => { expectDecided({evidence: {latency: [latencyOf('legacy', 400_000)]}}, 'latency.p99', 'inconclusive', /no response times of the candidate/); });
  it('is inconclusive when the percentile has too few samples above', () => {
    expectDecided({limits: {latencyRatio: {'0.9999': 0.5}}}, 'latency.p99.99', 'inconclusive', /at least 10 samples above it on both sides, about 100,000 in all/);
  });
  it('is inconclusive when a twin ran without figures', () => { expectDecided({evidence: {latency: [latencyOf('legacy', 400_000), latencyOf('candidate', 40_000)]}}, 'latency.p99', 'inconclusive', /floor is unknown/); });
  it('negative or NaN latencies above 0.01 % are inconclusive', () => {
    expectDecided({evidence: {latency: [latencyOf('legacy', 400_000), latencyOf('twin', 400_000), latencyOf('candidate', 40_000, {invalid: 11})]}}, 'latency.p99', 'inconclusive', /11 response times of the candidate were negative/);
  });
  it('latencies beyond the range fail the tail', () => {
    expectDecided({evidence: {latency: [latencyOf('legacy', 400_000), latencyOf('twin', 400_000), latencyOf('candidate', 40_000, {overflow: 1})]}, limits: {latencyRatio: {'0.999': 0.5}}}, 'latency.p99.9', 'fail', /beyond the recordable range/);
  });
  it('as fast as possible measures the queue: inconclusive', () => { expectDecided({evidence: {pacing: {mode: 'max', ratePerSecond: null, latePlannedShare: 0}}}, 'latency.p99', 'inconclusive', /without planned times/); });
  it('late sends beyond the share above the percentile are inconclusive', () => { expectDecided({evidence: {pacing: {mode: 'rate', ratePerSecond: 1000, latePlannedShare: 0.011}}}, 'latency.p99', 'inconclusive', /1.1 % of the inputs late/); });
  it('an unmeasured machine is inconclusive', () => { expectDecided({evidence: {noise: null}}, 'latency.p99', 'inconclusive', /not measured/); });
  it('an unsteady machine is inconclusive, parity unaffected', () => {
    const near = {...unsteady, ...sides(400_000, 170_000)};
    expectDecided({evidence: near}, 'latency.p99', 'inconclusive', /hypervisor took 9.0 %.*not large enough/);
    expect(gateOf(verdictOf({evidence: near}), 'parity.mismatches').outcome).toBe('pass');
  });
  it('a stall of the harness is inconclusive', () => { expectDecided({evidence: {harnessStallNsMax: 80e6, ...sides(400_000, 170_000)}}, 'latency.p99', 'inconclusive', /harness itself stalled for 80 ms/); });
  it('pauses of a machine within its limits are taken off what they reach, and only there', () => {
    const paused = (heldUpNs: number): Partial<Evidence> => ({noise: {spinMs: 2000, gaps: 12, worstGapNs: 900_000, stealShare: 0.001, steady: true, reasons: [], heldUpNs: {'0.99': heldUpNs}}, ...sides(400_000, 170_000)});
    expect(gateOf(verdictOf({evidence: paused(0)}), 'latency.p99').outcome).toBe('pass');
    expectDecided({evidence: paused(200_000)}, 'latency.p99', 'inconclusive', /hold up 200 µs at p99.*not large enough/);
  });
  it('a large difference stands when legacy and twin agree in the same disturbance', () => {
    expect(gateOf(verdictOf({evidence: unsteady}), 'latency.p99')).toMatchObject({outcome: 'pass', reason: expect.stringMatching(/clear in spite of.*legacy and twin are 1.02 x apart/) as string});
  });
  it('without a twin the same difference does not stand', () => {
    const alone = {...unsteady, floor: null, lanes: [healthOf('legacy'), healthOf('candidate')], latency: [latencyOf('legacy', 400_000), latencyOf('candidate', 40_000)]};
    expectDecided({evidence: alone}, 'latency.p99', 'inconclusive', /not large enough/);
  });
  it('a difference that stands in spite of the disturbance still decides', () => {
    const slow = {...unsteady, ...sides(200e6, 20e6)};
    const verdict = verdictOf({evidence: slow});
    expect(verdict.outcome).toBe('pass');
    expect(gateOf(verdict, 'latency.p99').reason).toMatch(/clear in spite of the hypervisor/);
    expectDecided({evidence: {...unsteady, ...sides(20e6, 200e6)}}, 'latency.p99', 'fail', /clear in spite of/);
  });
});

describe('CPU and memory', () => {
  const three = (change: Parameters<typeof resourcesOf>[2], cpuMs = 310): Partial<Evidence> => ({resources: [resourcesOf('legacy', 650), resourcesOf('twin', 655), resourcesOf('candidate', cpuMs, change)]});
  it('too much CPU fails', () => { expectDecided({evidence: three({rssBytesMax: 1e8, pssBytesMax: 1e8}, 500)}, 'cpu.ratio', 'fail', /0.769 x the legacy's, above 0.6 x/); });
  it('CPU within what the reading is uncertain by is inconclusive', () => { expectDecided({evidence: three({}, 388)}, 'cpu.ratio', 'inconclusive', /uncertain by/); });
  it('CPU of an unreadable lane is inconclusive', () => { expectDecided({evidence: three({source: 'unavailable'})}, 'cpu.ratio', 'inconclusive', /CPU time of the candidate was not measured/); });
  it('zero CPU is a missing reading, not a saving', () => { expectDecided({evidence: three({cpuMs: 0, cpuUsPerMessage: 0})}, 'cpu.ratio', 'inconclusive', /no CPU time at all/); });
  it('an unsteady machine does not matter for CPU', () => { expect(gateOf(verdictOf({evidence: {noise: null}}), 'cpu.ratio').outcome).toBe('pass'); });
  it('too much memory fails', () => { expectDecided({evidence: three({pssBytesMax: 600e6})}, 'memory.ratio', 'fail', /highest PSS is 0.923 x/); });
  it('falls back to RSS when a side has no PSS', () => { expect(gateOf(verdictOf({evidence: three({pssBytesMax: null})}), 'memory.ratio').limit).toMatch(/highest RSS/); });
  it('too few samples are inconclusive', () => { expectDecided({evidence: three({samples: samplesOf(1e8, 0).slice(0, 2)})}, 'memory.ratio', 'inconclusive', /fewer than 3/); });
  it('memory that grows fails', () => { expectDecided({evidence: three({samples: samplesOf(310e6, 50e6)})}, 'memory.slope', 'fail', /lower end of the slope/); });
  it('a slope from a short run is inconclusive', () => { expectDecided({evidence: {durationMs: 20_000}}, 'memory.slope', 'inconclusive', /warming up in 20 s/); });
  it('a slope from too few samples is inconclusive', () => { expectDecided({evidence: three({samples: samplesOf(310e6, 0).slice(0, 8)})}, 'memory.slope', 'inconclusive', /too few for a slope/); });
});

describe('coverage, demands and precedence', () => {
  it('cells that never happened are inconclusive and listed', () => {
    expectDecided({evidence: {coverage: {cells: [{name: 'new order', seen: 5}, {name: 'kill switch', seen: 0}], missing: ['self trade']}}}, 'coverage.cells', 'inconclusive', /self trade, kill switch/);
  });
  it('what nobody demands is shown, never good, and never acts', () => {
    const verdict = verdictOf({limits: {latencyRatio: {}, cpuRatio: null, memoryRatio: null, memorySlopeBytesPerHour: null}});
    expect(verdict.outcome).toBe('pass');
    for (const id of ['latency.p99', 'cpu.ratio', 'memory.ratio', 'memory.slope']) expect(gateOf(verdict, id)).toMatchObject({dryRun: true, outcome: 'inconclusive', limit: 'not demanded'});
  });
  it('a dry-run gate is shown and never acts', () => {
    const verdict = verdictOf({evidence: {parity: parityWith('candidate', [['/price', 3]])}, limits: {dryRun: ['parity.mismatches']}});
    expect(gateOf(verdict, 'parity.mismatches')).toMatchObject({dryRun: true, outcome: 'fail'});
    expect(verdict.outcome).toBe('pass');
  });
  it('evidence gates act even when declared dry', () => { expectDecided({evidence: {messages: 0}, limits: {dryRun: ['evidence.messages']}}, 'evidence.messages', 'no-data', /no message/); });
  it('a run in which no demand acts is inconclusive', () => {
    const all = verdictOf({}).gates.map((gate) => gate.id);
    expect(verdictOf({limits: {dryRun: all}})).toMatchObject({outcome: 'inconclusive', summary: expect.stringMatching(/No gate acts/) as string});
  });
  it('the worst outcome wins, in the stated order', () => {
    const plants: Readonly<Record<Exclude<Outcome, 'pass'>, Partial<Evidence>>> = {
      fail: {resources: [resourcesOf('legacy', 650), resourcesOf('twin', 650), resourcesOf('candidate', 1900)]},
      error: {lanes: [healthOf('legacy', {state: 'crashed', exitCode: 1}), healthOf('candidate')]},
      'harness-loss': {floor: parityOf({actual: 'twin', conservation: {...conservation, remainder: 1}})},
      'no-data': {messages: 0},
      inconclusive: {coverage: {cells: [], missing: ['cancel']}},
    };
    const order = OUTCOME_PRECEDENCE.filter((outcome) => outcome !== 'pass');
    for (const [index, worst] of order.entries()) {
      const evidence = Object.assign({}, ...order.slice(index).map((outcome) => plants[outcome])) as Partial<Evidence>;
      expect(verdictOf({evidence}).outcome).toBe(worst);
    }
  });
});
