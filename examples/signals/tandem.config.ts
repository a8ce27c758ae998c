import {defineMigration, engine, epsilon, python, sub} from '@tandem/cli';

/** interim */
export default defineMigration({
  name: 'signals',
  input: {ticks: sub('tcp://127.0.0.1:5565')},
  legacy: python('packages/legacy-bridge/python/reference/signal_path.py', {
    args: ['--symbols', 'BTCUSDT,ETHUSDT', '--features-by', 'python', '--in', '{in}', '--out', '{out}', '--exit-on-stdin-eof', '--stats-file', '{stats}'],
  }),
  candidate: engine('signal', {
    args: ['--symbols', 'BTCUSDT,ETHUSDT', '--in', '{in}', '--out', '{out}', '--exit-on-stdin-eof', '--stats-file', '{stats}'],
  }),
  match: {cause: {input: '/msgSeqNum', output: '/refSeqNum'}, partition: '/symbol', kind: '/msgType', barrierEvery: 200},
  compare: {'/features/*': epsilon({absolute: '1e-12', relative: '1e-12'})},
  gates: {minMessages: 1000, parity: {mismatches: 0}},
});
