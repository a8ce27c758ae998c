import {decimal, defineMigration, engine, python, sub} from '@tandem/cli';

/** The order path of this repository: a Python gateway and its TypeScript replacement. Try: npm run tandem -- shadow -c examples/order-path/tandem.config.ts */
export default defineMigration({
  name: 'order-path',
  // what live traffic looks like today: the sequencer publishes, the gateway subscribes
  input: {orders: sub('tcp://127.0.0.1:5555')},
  legacy: python('packages/legacy-bridge/python/reference/order_path.py', {
    args: ['--rules', 'packages/cli/fixtures/order-path/rulebook.json', '--in', '{in}', '--out', '{out}', '--exit-on-stdin-eof', '--stats-file', '{stats}', '--snapshots={snapshots}'],
  }),
  candidate: engine('order', {
    args: ['--rules', 'packages/cli/fixtures/order-path/rulebook.json', '--in', '{in}', '--out', '{out}', '--exit-on-stdin-eof', '--stats-file', '{stats}', '--snapshots={snapshots}'],
  }),
  match: {cause: {input: '/msgSeqNum', output: '/refSeqNum'}, partition: '/account', kind: '/msgType', entities: ['/orderId', '/clOrdId', '/origClOrdId'], barrierEvery: 500},
  compare: {
    // every field is exact unless it stands here; prices may be written with another scale
    '/price': decimal(),
    '/stopPx': decimal(),
  },
  gates: {
    minMessages: 10_000,
    parity: {mismatches: 0},
    latency: {p99Ratio: 0.5},
    cpu: {ratio: 1},
    // memory is shown and not demanded here: a few thousand orders are less than what either runtime needs to start;
    // with the state of a day behind them it is: tandem bench --history 500k
  },
  canary: {stages: ['1%', '5%', '25%', '100%'], bake: '2s', minMessages: 500, inDoubt: 'query', outputRatioMax: 500},
  coverage: {
    'new order accepted': {side: 'output', path: '/execType', equals: 'A'},
    'order rejected': {side: 'output', path: '/execType', equals: '8'},
    'fill': {side: 'output', path: '/execType', equals: 'F'},
    'cancel': {side: 'input', path: '/msgType', equals: 'F'},
    'replace': {side: 'input', path: '/msgType', equals: 'G'},
    'cancel reject': {side: 'output', path: '/msgType', equals: '9'},
    'malformed input': {side: 'output', path: '/msgType', equals: '3'},
  },
});
