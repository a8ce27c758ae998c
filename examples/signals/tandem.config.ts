import {defineMigration, engine, epsilon, python, sub} from '@tandem/cli';
import {referenceSet} from '../../packages/engine/src/signal/features/reference-set.ts';

/**
 * Signals: a Python service (numpy windows, LightGBM) and its TypeScript replacement (state of constant size, compiled trees) on the same ticks.
 * Try: npm run tandem -- signals capture, then npm run tandem -- replay captures/signals -c examples/signals/tandem.config.ts
 */

// Each descriptor says what its value is measured against. The legacy sums every window anew and the engine keeps sums, so the last digits differ:
// one part in 10^9 of the value, or of what it is made from where the value passes through zero.
const NEAR_ZERO = {value: '1e-12', price: '1e-7', volume: '1e-9', one: '1e-6', deviation: '1e-6'} as const;
const features = Object.fromEntries(referenceSet().map(({spec}) => [`/features/${spec.id}`, epsilon({absolute: NEAR_ZERO[spec.tolerance.scale], relative: '1e-9'})]));

const MODEL = 'examples/signals/model.txt.gz';
const BOTH = ['--symbols', 'BTCUSDT,ETHUSDT', '--model', MODEL, '--in', '{in}', '--out', '{out}', '--exit-on-stdin-eof', '--stats-file', '{stats}'];

export default defineMigration({
  name: 'signals',
  input: {ticks: sub('tcp://127.0.0.1:5565')},
  legacy: python('packages/legacy-bridge/python/reference/signal_path.py', {args: ['--features-by', 'numpy', ...BOTH], packages: 'signals', readyWithin: '60s', label: 'numpy, LightGBM'}),
  candidate: engine('signal', {args: BOTH}),
  match: {cause: {input: '/msgSeqNum', output: '/refSeqNum'}, partition: '/symbol', kind: '/msgType', barrierEvery: 200},
  compare: {
    ...features,
    // a feature within its class may lie on the other side of a split; then the signal is another leaf's, and that is a difference
    '/signal': epsilon({absolute: '1e-12', relative: '1e-12'}),
  },
  gates: {
    minMessages: 5000,
    parity: {mismatches: 0},
    latency: {p99Ratio: 0.5},
    cpu: {ratio: 0.5},
  },
  coverage: {
    'long': {side: 'output', path: '/side', equals: 'long'},
    'short': {side: 'output', path: '/side', equals: 'short'},
    'not warm yet': {side: 'output', path: '/side', equals: 'flat'},
  },
});
