/** Every key of a migration file, with what it means; printed by `tandem help config`. */
export const configHelp = `A MIGRATION is one file (.ts .mts .mjs, or .json), named with -c. Only name, input, legacy, candidate and match must be there.

import {decimal, defineMigration, ignore, node, python, sub} from '@tandem/cli';

export default defineMigration({
  name: 'oms',                                   // lower-case letters, digits, dashes
  input: {orders: sub('tcp://127.0.0.1:5555', {topics: ['']})},
                                                 // what is published today. Options: sequence: '/seq' (the sender's own number), noDrop: true,
                                                 // curve: {serverKey: '<40 characters>', keyFile: 'keys/tap.key_secret'}, and listen: 'ipc:///run/orders',
                                                 // where the wire tap takes live peers in; push pull req rep dealer router need it
  legacy: python('legacy/gateway.py', {          // or node('x.js') command('/bin/x') engine('order') engine('signal')
    args: ['--in', '{in}', '--out', '{out}', '--exit-on-stdin-eof'],   // this is the default; {stats}: a file for its own figures
    label: 'oms 4.1', readyWithin: '15s', answersWithin: '10s',        // how long it may take to start, and be silent
    ready: 'line',                               // it prints {"ready":true} when its sockets are bound; or 'listening': it prints nothing
    interpreter: '.venv/bin/python',             // the Python that has what it imports; without it tandem's own
    env: {RISK_MODE: 'shadow'},                  // added to an environment that inherits nothing
    packages: 'bridge',                          // or 'signals': with numpy, pandas, numba, scikit-learn, LightGBM
  }),
  candidate: node('dist/gateway.js'),
  codec: json(),                                 // or raw(): compare octets; msgpack() pickle() zlib(pickle()) gzip(json())
                                                 // delimited({delimiter: '|', columns: ['id', 'px']})  delimited({delimiter: '\\u0001', pairs: '='})
                                                 // binary([u64('seq'), i64('px', {scale: 4}), utf8('symbol', 8)], {endian: 'big'})
                                                 // multipart({topic: text(), body: json()})
                                                 // or {input: pickle(), legacy: pickle(), candidate: json()} when lanes answer differently
  redact: ['/account', {path: '/client/**', group: 'client'}],         // hidden before a capture reaches a disk; equal values stay equal
                                                 // or allBut(['/price', '/msgType'], {groups: {'/orderId': 'order', '/origOrderId': 'order'}})
  match: {
    cause: {input: '/msgSeqNum', output: '/refSeqNum'},   // an input's whole, rising number and the output's reference to it
    by: {input: '/correlation_id', output: '/reply_to'},  // instead of cause: an id of any text; by: '/id' where both call it so
    partition: '/account', kind: '/msgType',     // order is kept per partition; kind groups differences
    entities: ['/orderId'],                      // later differences about the same are told apart from their root
    barrierEvery: 500,                           // inputs between test requests; 0, the default: both lanes get nothing but recorded inputs
  },
  compare: {                                     // everything else is exact
    '/price': decimal(),                         // same number, whatever its scale
    '/fee': absolute('0.01'),                    // or relative('0.001') ulps(1); epsilon({absolute: '1e-12', relative: '1e-9'}) for results of arithmetic
    '/legs': unordered('/id'),
    '/latencyUs': ignore({reason: 'measured, not decided', owner: 'oms', expires: '2027-03-31'}),
  },
  gates: {
    minMessages: 10_000,
    parity: {mismatches: 0, lossBudget: 0, maxIgnoredShare: 0.2},
    latency: {p50Ratio: 1, p90Ratio: 1, p99Ratio: 0.5, p999Ratio: 1},  // candidate / legacy; left out = not demanded
    cpu: {ratio: 0.5}, memory: {ratio: 1, slopePerHour: '1MiB'},
    dryRun: ['latency.p99'],                     // shown, decides nothing
  },
  canary: {stages: ['1%', '25%', '100%'], bake: '10m', minMessages: 100_000, inDoubt: 'query', outputRatioMax: 10},
  coverage: {'order rejected': {side: 'output', path: '/execType', equals: '8'}},   // must occur, else inconclusive
});
`;
