import type {CauseSelector, ComparePolicy} from './compare-rule.ts';
import type {CanaryPlanSpec} from './canary-plan.ts';
import type {GateLimits} from './gate-limits.ts';
import type {LaneSpec} from './lane-spec.ts';
import type {PayloadCodecs} from './payload-codec.ts';
import type {RedactPlan} from './redact-plan.ts';

/** Where live traffic can be watched. */
export interface InputSpec {
  readonly stream: string;
  readonly pattern: 'pub-sub' | 'push-pull' | 'req-rep' | 'dealer-router';
  readonly endpoint: string;
  /** subscription prefixes; only for pub-sub */
  readonly topics: readonly string[];
  /** where the wire tap takes the place of `endpoint` for live peers; absent: no wire tap, so only publications can be watched */
  readonly listen?: string;
  /** pointer to the sender's own number in a message */
  readonly sequence?: string;
  /** the publisher never drops: it waits for its slowest subscriber */
  readonly noDrop?: boolean;
  /** the publisher speaks CURVE: its public key (Z85), and the file of the key pair that the tap shows; absent: one made for this run */
  readonly curve?: {readonly serverKey: string; readonly keyFile?: string};
}

/** A migration after decoding and resolving: everything that a run needs, nothing implicit. */
export interface Migration {
  readonly name: string;
  readonly configFile: string;
  readonly configHash: string;
  readonly inputs: readonly InputSpec[];
  readonly lanes: readonly LaneSpec[];
  /** `json`: payloads are the text that is read. `raw`: octets only. Else: what turns them into text, a codec for the inputs and one for each lane's outputs */
  readonly codec: 'json' | 'raw' | PayloadCodecs;
  /** what a capture hides before it reaches a disk; absent: nothing */
  readonly redact?: RedactPlan;
  readonly cause: CauseSelector;
  /** pointer to what kind of message an output is (msgType), for grouping */
  readonly outputKind: string;
  /** pointers to what an output is about (an order id, say): later differences about the same follow from the first; empty = the partition */
  readonly entities: readonly string[];
  readonly compare: ComparePolicy;
  readonly gates: GateLimits;
  readonly canary: CanaryPlanSpec | null;
  /** cells that must be exercised: name -> pointer and value in an input or output */
  readonly coverage: readonly {readonly name: string; readonly side: 'input' | 'output'; readonly path: string; readonly equals: string}[];
}
