import {TandemError, type InputSpec} from '@tandem/contract';

const REASON: Readonly<Record<Exclude<InputSpec['pattern'], 'pub-sub'>, {seen: string; likely: string}>> = {
  'push-pull': {
    seen: 'push-pull: a second PULL would steal every other message from the live reader',
    likely: 'PUSH deals its messages out in turn to all that pull (measured: 500 of 1000 went to the second one)',
  },
  'req-rep': {
    seen: 'req-rep: a second REP would answer live requests, a second REQ would ask the live server',
    likely: 'requests are dealt out in turn, and whoever gets one must answer it',
  },
  'dealer-router': {
    seen: 'dealer-router: one more DEALER would take messages and identities of the live conversation',
    likely: 'a DEALER deals out in turn, a ROUTER answers only the one that asked',
  },
};

const BUILDER: Readonly<Record<Exclude<InputSpec['pattern'], 'pub-sub'>, string>> = {'push-pull': 'push', 'req-rep': 'req', 'dealer-router': 'dealer'};

/** A place for live peers beside the real endpoint. */
const besides = (endpoint: string): string => (endpoint.startsWith('ipc://') ? `${endpoint}.tap` : 'tcp://127.0.0.1:<port>');

/** Throws when the traffic cannot be watched by one more socket without touching it. */
export function assertTappable(input: InputSpec, publisherNoDrop = false): void {
  const {pattern, endpoint, stream} = input;
  if (pattern !== 'pub-sub') {
    const {seen, likely} = REASON[pattern];
    throw new TandemError({
      id: 'TDM-E280', kind: 'usage', what: `Stream "${stream}" cannot be tapped by a further socket.`, where: endpoint, seen, likely,
      fix: `stand in between with the wire tap, which forwards every octet unchanged: tandem record --pattern ${pattern} --listen ${besides(endpoint)} --upstream ${endpoint}, or in a migration file ${BUILDER[pattern]}('${endpoint}', {listen: '${besides(endpoint)}'}), and let live peers connect to the first`,
    });
  }
  if (publisherNoDrop) {
    throw new TandemError({
      id: 'TDM-E281', kind: 'usage', what: `Stream "${stream}" cannot be tapped: its publisher must not drop.`, where: endpoint,
      seen: 'the publisher is declared with NODROP (ZMQ_XPUB_NODROP)',
      likely: 'such a publisher waits for its slowest subscriber: a stalled tap would stop the live system (measured: after 1,150 sends)',
      fix: `stand in between with the wire tap, which holds nobody up: tandem record --pattern pub-sub --listen ${besides(endpoint)} --upstream ${endpoint}; or take NODROP off the publisher`,
    });
  }
}
