import {describe, expect, it} from 'vitest';
import {brief, OrderPlay} from '../../test/order-play.ts';
import {smallRulebook} from '../../test/small-rulebook.ts';

const EVENTS = ['0', '4', '5', '8', 'C', 'F', '9'] as const;
/** What each event does to an order in each state (docs/order-path.md section 8): execType/ordStatus and text of the report, or the refusal. */
const TABLE: Readonly<Record<string, readonly string[]>> = {
  'A': ['0/0', '4/4', 'j ILLEGAL:A:5', '8/8 VENUE_REJECT', 'C/C', 'F/1', 'j ILLEGAL:A:9'],
  'U': ['0/0', '4/4', 'j ILLEGAL:U:5', '8/8 VENUE_REJECT', 'C/C', 'F/1', 'j ILLEGAL:U:9'],
  '0': ['j ILLEGAL:0:0', '4/4', 'j ILLEGAL:0:5', 'j ILLEGAL:0:8', 'C/C', 'F/1', 'j ILLEGAL:0:9'],
  '1': ['j ILLEGAL:1:0', '4/4', 'j ILLEGAL:1:5', 'j ILLEGAL:1:8', 'C/C', 'F/1', 'j ILLEGAL:1:9'],
  '6 from A': ['0/6', '4/4', 'j ILLEGAL:6:5', '8/8 VENUE_REJECT', 'C/C', 'F/6', 'I/A CANCEL_REJECTED'],
  '6 from 0': ['j ILLEGAL:6:0', '4/4', 'j ILLEGAL:6:5', 'j ILLEGAL:6:8', 'C/C', 'F/6', 'I/0 CANCEL_REJECTED'],
  '6 from A, filled': ['j ILLEGAL:6:0', '4/4', 'j ILLEGAL:6:5', 'j ILLEGAL:6:8', 'C/C', 'F/6', 'I/1 CANCEL_REJECTED'],
  'E': ['j ILLEGAL:E:0', '4/4', '5/0', 'j ILLEGAL:E:8', 'C/C', 'F/E', 'I/0 CANCEL_REJECTED'],
  'E, filled': ['j ILLEGAL:E:0', '4/4', '5/1', 'j ILLEGAL:E:8', 'C/C', 'F/E', 'I/1 CANCEL_REJECTED'],
  '2': ['', '', '', '', '', 'F/2 OVERFILL', ''],
  '4': ['', '', '', '', '', 'F/4 LATE_FILL', ''],
  '8': ['', '', '', '', '', 'F/8 LATE_FILL', ''],
  'C': ['', '', '', '', '', 'F/C LATE_FILL', ''],
};

const cancel = (play: OrderPlay, origClOrdId: string): void => { play.send('F', {account: 'none', symbol: 'BTC', clOrdId: `k${play.seq}`, origClOrdId}); };
const replace = (play: OrderPlay, origClOrdId: string, fields: Record<string, unknown> = {}): readonly object[] =>
  play.send('G', {account: 'none', symbol: 'BTC', clOrdId: `g${play.seq}`, origClOrdId, orderQty: '2', price: '101', ...fields});

/** Brings an order of one lot into a state. */
const inState = (state: string): {play: OrderPlay; orderId: string} => {
  const play = new OrderPlay();
  play.market();
  const orderId = play.order({clOrdId: 'o'}).at(-1)!['orderId'] as string;
  const path: Readonly<Record<string, () => unknown>> = {
    'A': () => undefined,
    'U': () => play.wait(600_000).send('0'),
    '0': () => play.venue(orderId, '0'),
    '1': () => play.fill(orderId, '0.1'),
    '6 from A': () => { cancel(play, 'o'); },
    '6 from 0': () => { play.venue(orderId, '0'); cancel(play, 'o'); },
    '6 from A, filled': () => { cancel(play, 'o'); play.fill(orderId, '0.1'); },
    'E': () => { play.venue(orderId, '0'); replace(play, 'o'); },
    'E, filled': () => { play.venue(orderId, '0'); replace(play, 'o'); play.fill(orderId, '0.1'); },
    '2': () => play.fill(orderId, '1'),
    '4': () => play.venue(orderId, '4'),
    '8': () => play.venue(orderId, '8'),
    'C': () => play.venue(orderId, 'C'),
  };
  path[state]!();
  return {play, orderId};
};

describe('the table of venue events', () => {
  for (const [state, row] of Object.entries(TABLE)) {
    it.each(EVENTS.map((event, i) => [event, row[i]!] as const))(`status ${state}, event %s: %s`, (event, expected) => {
      const {play, orderId} = inState(state);
      const outputs = event === 'F' ? play.fill(orderId, '0.2') : play.venue(orderId, event);
      expect(brief(outputs).join()).toBe(expected);
    });
  }
});

describe('venue events', () => {
  it('counts an execution once, whatever it says', () => {
    const {play, orderId} = inState('0');
    expect(play.send('8', {orderId, execId: 'same', execType: 'F', lastQty: '0.1', lastPx: '100'})).toHaveLength(1);
    expect(play.send('8', {orderId, execId: 'same', execType: '4'})).toEqual([]);
    expect(play.send('9', {orderId: 'O999', execId: 'unknown'})).toMatchObject([{msgType: 'j', text: 'UNKNOWN_ORDER', account: ''}]);
    expect(play.send('9', {orderId, execId: 'unknown'})).toEqual([]);
    expect(play.harness.lane.path.dropped).toMatchObject({repeatedExecs: 2});
  });

  it.each(['O03', 'O', 'o3', 'O3 '.trim() + 'x', 'O-3', 'O9007199254740993', 'O0'])('does not know %s', (orderId) => {
    expect(brief(inState('0').play.venue(orderId, '4'))).toEqual(['j UNKNOWN_ORDER']);
  });

  it.each([['0.0005', '100', 'FILL_FORMAT'], ['0', '100', 'FILL_FORMAT'], ['-1', '100', 'FILL_FORMAT'], ['1', '100.001', 'FILL_FORMAT'], ['1', '0', 'FILL_FORMAT'], ['1001', '100', 'FILL_RANGE'], ['999999999', '999999999', 'FILL_RANGE']])(
    'refuses a fill of %s at %s: %s', (lastQty, lastPx, text) => {
      const {play, orderId} = inState('0');
      const before = play.harness.lane.path.stateText().replace(/^(seq|now|windows|counts).*$/gm, '');
      expect(play.fill(orderId, lastQty, lastPx)).toMatchObject([{msgType: 'j', account: 'none', refMsgType: '8', text}]);
      expect(play.harness.lane.path.stateText().replace(/^(seq|now|windows|counts).*$/gm, '')).toBe(before);
    });

  it('refuses what would take the order beyond the sanity limit in sum', () => {
    const {play, orderId} = inState('0');
    expect(brief(play.fill(orderId, '999'))).toEqual(['F/2 OVERFILL']);
    expect(brief(play.fill(orderId, '1'))).toEqual(['F/2 OVERFILL']);
    expect(brief(play.fill(orderId, '0.001'))).toEqual(['j FILL_RANGE']);
  });

  it('averages exactly, half to even', () => {
    const {play, orderId} = inState('0');
    expect(play.fill(orderId, '0.1', '100.00')[0]).toMatchObject({lastQty: '0.100', lastPx: '100.00', cumQty: '0.100', leavesQty: '0.900', avgPx: '100.000000', ordStatus: '1'});
    expect(play.fill(orderId, '0.2', '100.01')[0]).toMatchObject({cumQty: '0.300', avgPx: '100.006667'});
    const halves = inState('0');
    halves.play.fill(halves.orderId, '0.063', '0.01');
    expect(halves.play.fill(halves.orderId, '0.001', '0.03')[0]).toMatchObject({avgPx: '0.010312'});
    const odd = inState('0');
    odd.play.fill(odd.orderId, '0.061', '0.01');
    expect(odd.play.fill(odd.orderId, '0.003', '0.03')[0]).toMatchObject({avgPx: '0.010938'});
  });

  it('applies a replace, also one that has become too small', () => {
    const {play, orderId} = inState('E');
    const id = `g${play.seq - 1}`;
    expect(play.venue(orderId, '5')).toMatchObject([{execType: '5', ordStatus: '0', orderQty: '2.000', price: '101.00', clOrdId: id, origClOrdId: 'o'}]);
    cancel(play, 'o');
    expect(play.harness.lane.path.stateText()).toContain(` ${id} 1 2 1 0 - 2000 10100 `);
    const late = inState('0');
    late.play.send('G', {account: 'none', symbol: 'BTC', clOrdId: 'small', origClOrdId: 'o', orderQty: '0.5', price: '101'});
    late.play.fill(late.orderId, '0.7');
    expect(late.play.venue(late.orderId, '5')).toMatchObject([{ordStatus: '2', orderQty: '0.700', cumQty: '0.700', leavesQty: '0.000', clOrdId: 'small'}]);
  });

  it('forgets the oldest ended order beyond the retention', () => {
    const play = new OrderPlay({...smallRulebook(), terminalRetention: 1});
    play.market();
    const [first, second] = [play.working({clOrdId: 'first'}), play.working({clOrdId: 'second'})];
    play.venue(first.orderId, '4');
    const tooLate = (origClOrdId: string): string => brief(play.send('F', {account: 'none', symbol: 'BTC', clOrdId: `k${play.seq}`, origClOrdId})).join();
    expect(tooLate('first')).toBe('9 TOO_LATE');
    play.venue(second.orderId, '4');
    expect(tooLate('first')).toBe('9 UNKNOWN_ORDER');
    expect(tooLate('second')).toBe('9 TOO_LATE');
    expect(brief(play.fill(first.orderId, '1'))).toEqual(['j UNKNOWN_ORDER']);
    expect(brief(play.fill(second.orderId, '1'))).toEqual(['F/4 LATE_FILL']);
  });
});
