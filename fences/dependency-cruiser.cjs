// Who may import what. Every rule has a planted violation in architecture.test.ts that must be caught under its name.
const test = '[.](test|property[.]test|bench)[.]ts$|/(bench|test|fixtures)/';
const source = (path) => ({path, pathNot: test});
/** a library with its only homes */
const home = (name, library, homes, why) => ({
  name, comment: why, severity: 'error',
  from: {path: '^(packages|reports)/', pathNot: [...homes, test]},
  to: {path: `(^|/)node_modules/${library}/`},
});
const packages = {
  contract: '^packages/contract/', zmtp: '^packages/zmtp/', engine: '^packages/engine/', bridge: '^packages/legacy-bridge/',
  shadow: '^packages/shadow/', reports: '^reports/', cli: '^packages/cli/',
};
const none = (name, from, to, why) => ({name, comment: why, severity: 'error', from: source(from), to: {path: to}});
const pure = [
  '^packages/shadow/src/(match|compare|judge|flow)/',
  '^packages/shadow/src/canary/[^/]*core[^/]*[.]ts$', '^packages/shadow/src/egress/[^/]*core[^/]*[.]ts$',
  '^packages/engine/src/order/', '^packages/engine/src/batch-frame/', '^packages/engine/src/signal/simulation/', '^packages/engine/src/signal/signal-path[.]ts$',
];

module.exports = {
  forbidden: [
    {name: 'contract-stands-alone', severity: 'error', comment: 'Shapes that depend on nothing can be shared by everyone.',
      from: source(packages.contract), to: {pathNot: packages.contract}},
    {name: 'wire-stands-alone', severity: 'error', comment: 'The protocol is read by engine and harness; it may know neither.',
      from: source(packages.zmtp), to: {pathNot: [packages.zmtp, '^node:', '^(net|events|crypto|fs|path|os)$'], dependencyTypesNot: ['core']}},
    none('workers-never-meet-engine', packages.engine, `${packages.bridge}|${packages.shadow}|${packages.reports}|${packages.cli}`,
      'The judged must not know the judge: a shared decoder bug would agree with itself.'),
    none('workers-never-meet-shadow', packages.shadow, `${packages.bridge}|${packages.engine}|${packages.reports}|${packages.cli}`,
      'The judge must not import the judged.'),
    none('workers-never-meet-bridge', packages.bridge, `${packages.engine}|${packages.shadow}|${packages.reports}|${packages.cli}|${packages.zmtp}`,
      'What knows Python knows nothing else.'),
    none('workers-never-meet-reports', packages.reports, `${packages.engine}|${packages.shadow}|${packages.bridge}|${packages.cli}|${packages.zmtp}`,
      'Reports read run folders only.'),
    {name: 'one-place-joins-lanes', severity: 'error', comment: 'One file of the CLI knows both lanes.',
      from: {path: packages.cli, pathNot: ['^packages/cli/src/session-plan[.]ts$', test]}, to: {path: `${packages.engine}|${packages.bridge}`}},
    {name: 'stages-never-meet', severity: 'error', comment: 'Stages share the values of flow and the socket factory, nothing else.',
      from: {path: '^packages/shadow/src/(tap|log|lanes|match|compare|measure|judge|canary|egress|record)/', pathNot: test},
      to: {path: '^packages/shadow/src/', pathNot: ['^packages/shadow/src/(flow|endpoint|$1)/']}},
    {name: 'endpoint-has-three-homes', severity: 'error', comment: 'Only tap, lanes and what stands at the egress open sockets.',
      from: {path: '^packages/shadow/src/(log|match|compare|measure|judge|record|flow)/', pathNot: test}, to: {path: '^packages/shadow/src/endpoint/'}},
    {name: 'flow-is-at-the-bottom', severity: 'error', comment: 'Values know no stage.',
      from: source('^packages/shadow/src/flow/'), to: {path: '^packages/shadow/src/', pathNot: '^packages/shadow/src/flow/'}},
    {name: 'hot-paths-never-meet', severity: 'error', comment: 'Each hot path can be deployed alone.',
      from: {path: '^packages/engine/src/(order|market|signal|stream)/', pathNot: test},
      to: {path: '^packages/engine/src/(order|market|signal|stream)/', pathNot: '^packages/engine/src/$1/'}},
    {name: 'pure-core', severity: 'error', comment: 'What decides takes the world as an argument, so that a run can be replayed.',
      from: {path: pure, pathNot: test}, to: {dependencyTypes: ['core']}},
    {name: 'pure-core-libraries', severity: 'error', comment: 'What decides has no library that reads the world.',
      from: {path: pure, pathNot: test}, to: {path: 'node_modules/(zeromq|execa|pidusage|hdr-histogram-js|@oclif|@mcap)/'}},
    home('zeromq-home', 'zeromq', ['^packages/engine/src/gateway[^/]*[.]ts$', '^packages/shadow/src/endpoint/'], 'One factory sets the safe options.'),
    home('execa-home', 'execa', ['^packages/shadow/src/(lanes|canary|egress)/', '^packages/legacy-bridge/src/'], 'Processes start in few places.'),
    home('pidusage-home', 'pidusage', ['^packages/shadow/src/measure/'], 'One ruler.'),
    home('hdr-home', 'hdr-histogram-js', ['^packages/shadow/src/measure/', '^reports/'], 'One wrapper counts what is invalid.'),
    home('mcap-home', '@mcap', ['^packages/shadow/src/log/'], 'The log is a port.'),
    home('s3-home', '@aws-sdk', ['^packages/engine/src/signal/signal-log/s3-store[.]ts$'], 'Object storage is a port; its client stands behind one file.'),
    home('oclif-home', '@oclif', [packages.cli], 'Commands are thin and at the edge.'),
    {name: 'doors', severity: 'error', comment: 'A package is entered through its index.',
      from: {path: '^(packages|reports)/', pathNot: test}, to: {path: '^(packages/(contract|zmtp|engine|legacy-bridge|shadow)|reports)/src/', dependencyTypes: ['npm', 'npm-dev', 'aliased-workspace', 'npm-no-pkg'],
        pathNot: '^(packages/[^/]+|reports)/src/index[.]ts$'}},
    {name: 'no-circular', severity: 'error', comment: 'A cycle has no first part to read.', from: {}, to: {circular: true}},
    {name: 'not-to-unresolvable', severity: 'error', comment: 'What cannot be found cannot run; the bin loads the bundle, which the build makes.', from: {pathNot: '^packages/cli/bin/'}, to: {couldNotResolve: true}},
    {name: 'not-to-unlisted', severity: 'error', comment: 'Hoisting hides undeclared imports.',
      from: {path: '^(packages|reports)/', pathNot: [test, '^packages/(cli/build[.]mjs|engine/(build[.]mjs|emit/one-file[.]ts))$']}, to: {dependencyTypes: ['npm-no-pkg', 'npm-unknown']}},
  ],
  options: {
    doNotFollow: {path: 'node_modules'},
    exclude: {path: '^(packages/[^/]+|reports)/dist/|[.]venv|/legacy-bridge/python/'},
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    tsConfig: {fileName: 'tsconfig.base.json'},
    enhancedResolveOptions: {exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types']},
  },
};
