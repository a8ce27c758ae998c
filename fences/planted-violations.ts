/** One import (or use) a rule must catch: the file it is planted in and what it says. */
export interface Plant {
  readonly rule: string;
  readonly file: string;
  readonly text: string;
}

/** Imports that dependency-cruiser must report under exactly this rule. */
export const plantedImports: readonly Plant[] = [
  {rule: 'contract-stands-alone', file: 'packages/contract/src/planted.ts', text: "import {readFileSync} from 'node:fs';\nexport const planted = readFileSync;\n"},
  {rule: 'wire-stands-alone', file: 'packages/zmtp/src/planted.ts', text: "import type * as contract from '@tandem/contract';\nexport type Planted = typeof contract;\n"},
  {rule: 'wire-stands-alone', file: 'packages/zmtp/src/planted-library.ts', text: "import * as zmq from 'zeromq';\nexport const planted = zmq;\n"},
  {rule: 'workers-never-meet-engine', file: 'packages/engine/src/planted-shadow.ts', text: "import type * as shadow from '@tandem/shadow';\nexport type Planted = typeof shadow;\n"},
  {rule: 'workers-never-meet-shadow', file: 'packages/shadow/src/planted-engine.ts', text: "export * from '@tandem/engine';\n"},
  {rule: 'workers-never-meet-bridge', file: 'packages/legacy-bridge/src/planted-shadow.ts', text: "export const planted = () => import('@tandem/shadow');\n"},
  {rule: 'workers-never-meet-reports', file: 'reports/src/planted-shadow.ts', text: "import * as shadow from '@tandem/shadow';\nexport const planted = shadow;\n"},
  {rule: 'one-place-joins-lanes', file: 'packages/cli/src/planted-lanes.ts', text: "import * as engine from '@tandem/engine';\nexport const planted = engine;\n"},
  {rule: 'stages-never-meet', file: 'packages/shadow/src/match/planted-stage.ts', text: "import '../compare/planted-target.ts';\nexport const planted = 1;\n"},
  {rule: 'flow-is-at-the-bottom', file: 'packages/shadow/src/flow/planted-flow.ts', text: "import '../compare/planted-target.ts';\nexport const planted = 1;\n"},
  {rule: 'endpoint-has-three-homes', file: 'packages/shadow/src/judge/planted-endpoint.ts', text: "import '../endpoint/planted-target.ts';\nexport const planted = 1;\n"},
  {rule: 'hot-paths-never-meet', file: 'packages/engine/src/order/planted-market.ts', text: "import '../market/planted-target.ts';\nexport const planted = 1;\n"},
  {rule: 'pure-core', file: 'packages/shadow/src/judge/planted-core.ts', text: "import {hostname} from 'node:os';\nexport const planted = hostname;\n"},
  {rule: 'pure-core', file: 'packages/engine/src/order/planted-core.ts', text: "import {readFileSync} from 'node:fs';\nexport const planted = readFileSync;\n"},
  {rule: 'pure-core', file: 'packages/engine/src/signal/simulation/planted-core.ts', text: "import {performance} from 'node:perf_hooks';\nexport const planted = performance;\n"},
  {rule: 's3-home', file: 'packages/engine/src/signal/signal-log/planted-s3.ts', text: "import {S3Client} from '@aws-sdk/client-s3';\nexport const planted = S3Client;\n"},
  {rule: 'pure-core-libraries', file: 'packages/shadow/src/compare/planted-hdr.ts', text: "import * as hdr from 'hdr-histogram-js';\nexport const planted = hdr;\n"},
  {rule: 'zeromq-home', file: 'packages/shadow/src/tap/planted-socket.ts', text: "import * as zmq from 'zeromq';\nexport const planted = zmq;\n"},
  {rule: 'execa-home', file: 'packages/shadow/src/tap/planted-execa.ts', text: "import {execa} from 'execa';\nexport const planted = execa;\n"},
  {rule: 'pidusage-home', file: 'packages/shadow/src/lanes/planted-pidusage.ts', text: "import pidusage from 'pidusage';\nexport const planted = pidusage;\n"},
  {rule: 'hdr-home', file: 'packages/shadow/src/lanes/planted-hdr.ts', text: "import * as hdr from 'hdr-histogram-js';\nexport const planted = hdr;\n"},
  {rule: 'mcap-home', file: 'packages/shadow/src/tap/planted-mcap.ts', text: "import * as mcap from '@mcap/core';\nexport const planted = mcap;\n"},
  {rule: 'oclif-home', file: 'packages/shadow/src/lanes/planted-oclif.ts', text: "import * as oclif from '@oclif/core';\nexport const planted = oclif;\n"},
  {rule: 'no-circular', file: 'packages/shadow/src/record/planted-a.ts', text: "import './planted-b.ts';\nexport const a = 1;\n"},
  {rule: 'not-to-unresolvable', file: 'packages/shadow/src/record/planted-missing.ts', text: "import './nowhere.ts';\nexport const a = 1;\n"},
  {rule: 'not-to-unlisted', file: 'packages/engine/src/planted-unlisted.ts', text: "import * as heap from 'heap-js';\nexport const planted = heap;\n"},
];

/** Files that planted imports point at. */
export const plantedTargets: readonly Omit<Plant, 'rule'>[] = [
  {file: 'packages/shadow/src/compare/planted-target.ts', text: 'export const target = 1;\n'},
  {file: 'packages/shadow/src/endpoint/planted-target.ts', text: 'export const target = 1;\n'},
  {file: 'packages/engine/src/market/planted-target.ts', text: 'export const target = 1;\n'},
  {file: 'packages/shadow/src/record/planted-b.ts', text: "import './planted-a.ts';\nexport const b = 1;\n"},
];

/** Uses that ESLint must report under this rule in deciding code. */
export const plantedUses: readonly Plant[] = [
  {rule: 'no-restricted-globals', file: 'packages/shadow/src/judge/planted-date.ts', text: 'export const now = (): number => Date.now();\n'},
  {rule: 'no-restricted-globals', file: 'packages/shadow/src/match/planted-timer.ts', text: 'export const later = (): unknown => setTimeout(() => undefined, 1);\n'},
  {rule: 'no-restricted-globals', file: 'packages/shadow/src/canary/planted-core.ts', text: 'export const pid = (): number => process.pid;\n'},
  {rule: 'no-restricted-globals', file: 'packages/shadow/src/egress/planted-core.ts', text: "export const say = (): void => console.log('x');\n"},
  {rule: 'no-restricted-globals', file: 'packages/engine/src/order/planted-clock.ts', text: 'export const now = (): number => performance.now();\n'},
  {rule: 'no-restricted-globals', file: 'packages/engine/src/signal/simulation/planted-clock.ts', text: 'export const now = (): number => performance.now();\n'},
  {rule: 'no-restricted-properties', file: 'packages/shadow/src/compare/planted-chance.ts', text: 'export const chance = (): number => Math.random();\n'},
  {rule: 'no-restricted-properties', file: 'packages/shadow/src/flow/planted-global.ts', text: 'export const world = (): unknown => globalThis.location;\n'},
  {rule: 'max-lines-per-function', file: 'packages/shadow/src/tap/planted-long.ts', text: `export const long = (): number => {\n  let a = 0;\n${'  a += 1;\n'.repeat(75)}  return a;\n};\n`},
  {rule: 'max-lines', file: 'packages/shadow/src/tap/planted-file.ts', text: `${'export const a = 1;\n'.replace('a', 'a0')}${'// x\n'.repeat(401)}`},
  {rule: 'no-restricted-exports', file: 'packages/shadow/src/tap/planted-default.ts', text: 'export default 1;\n'},
  {rule: 'ts/no-explicit-any', file: 'packages/shadow/src/tap/planted-any.ts', text: 'export const x = (y: any): unknown => y;\n'},
];
