import {describe, expect, it} from 'vitest';
import {brief, OrderPlay} from '../../test/order-play.ts';

const ready = (): OrderPlay => {
  const play = new OrderPlay();
  play.market();
  return play;
};
const control = (play: OrderPlay, action: string, fields: object = {}): ReturnType<OrderPlay['send']> =>
  play.send('q', {scope: 'global', target: '', action, cancelOpen: '0', killId: 'k1', ...fields});

describe('trading state', () => {
  it('kills, cancels what is open in scope by sequence, and says how many', () => {
    const play = ready();
    play.working({clOrdId: 'a'});
    play.order({clOrdId: 'pending'});
    play.working({clOrdId: 'other', account: 'decrement'});
    play.send('F', {account: 'none', symbol: 'BTC', clOrdId: 'c', origClOrdId: 'a'});
    const outputs = control(play, 'kill', {scope: 'account', target: 'none', cancelOpen: '1'});
    expect(outputs[0]).toEqual({msgType: 'r', refSeqNum: play.seq, account: 'none', scope: 'account', target: 'none', action: 'kill', killId: 'k1', totalAffected: 1});
    expect(brief(outputs.slice(1))).toEqual(['venue F', '6/6 KILLED']);
    expect(outputs[2]).toMatchObject({clOrdId: 'pending', origClOrdId: null, account: 'none'});
    expect(brief(play.order({account: 'decrement'}))).toEqual(['venue D', 'A/A']);
  });

  it('is cleared by a request and a confirmation with the same id in time, only', () => {
    const play = ready();
    control(play, 'kill');
    control(play, 'halt');
    expect(brief(play.order())).toEqual(['8/8 KILLED']);
    expect(brief(control(play, 'resume-confirm'))).toEqual(['j RESUME_MISMATCH']);
    control(play, 'resume-request');
    expect(brief(control(play, 'resume-confirm', {killId: 'k2'}))).toEqual(['j RESUME_MISMATCH']);
    expect(brief(control(play, 'resume-confirm', {scope: 'symbol', target: 'BTC'}))).toEqual(['j RESUME_MISMATCH']);
    expect(brief(control(play.wait(1_000_000), 'resume-confirm'))).toEqual(['j RESUME_MISMATCH']);
    control(play, 'resume-request');
    control(play, 'halt');
    expect(brief(control(play, 'resume-confirm'))).toEqual(['j RESUME_MISMATCH']);
    control(play, 'resume-request');
    expect(control(play.wait(999_999), 'resume-confirm')).toMatchObject([{msgType: 'r', action: 'resume-confirm', totalAffected: 0}]);
    expect(brief(control(play, 'resume-confirm'))).toEqual(['j RESUME_MISMATCH']);
    play.market();
    expect(brief(play.order())).toEqual(['venue D', 'A/A']);
  });

  it('takes the most severe of all scopes, and reduces', () => {
    const play = ready();
    const {orderId} = play.working({orderQty: '1'});
    play.fill(orderId, '1');
    control(play, 'reduce', {scope: 'symbol', target: 'BTC'});
    // without a position nothing reduces, not even a quantity below nothing
    expect(brief(play.order({account: 'decrement', side: '2', orderQty: '-5'}))).toEqual(['8/8 REDUCING_ONLY']);
    expect(brief(play.order({orderQty: '0.5'}))).toEqual(['8/8 REDUCING_ONLY']);
    expect(brief(play.order({side: '2', orderQty: '1.0000001'}))).toEqual(['8/8 REDUCING_ONLY']);
    expect(brief(play.order({side: '2', orderQty: '0.9999999'}))).toEqual(['8/8 QTY_LOT']);
    expect(brief(play.order({side: '2', orderQty: '-5'}))).toEqual(['8/8 QTY_NONPOS']);
    expect(brief(play.order({side: '2', orderQty: '1'}))).toEqual(['venue D', 'A/A']);
    expect(brief(play.order({account: 'nobody'}))).toEqual(['8/8 REDUCING_ONLY']);
    control(play, 'halt', {scope: 'account', target: 'none'});
    expect(brief(play.order({side: '2', orderQty: '1'}))).toEqual(['8/8 HALTED']);
    expect(brief(play.order({symbol: 'ETH'}))).toEqual(['8/8 HALTED']);
  });

  it.each([['global', 'none'], ['account', ''], ['account', 'BTC'], ['symbol', 'none'], ['symbol', '']])('does not know target %s "%s"', (scope, target) => {
    expect(control(ready(), 'kill', {scope, target})).toMatchObject([{msgType: 'j', account: '', refMsgType: 'q', text: 'UNKNOWN_TARGET'}]);
  });
});

describe('the clock', () => {
  it('doubts what the venue does not acknowledge, once', () => {
    const play = ready();
    play.order({clOrdId: 'a'});
    expect(play.wait(499_998).send('0')).toEqual([]);
    expect(play.wait(0).send('0')).toEqual([]);
    const outputs = play.send('0');
    expect(outputs).toMatchObject([{msgType: 'H', orderId: 'O3'}, {execType: 'I', ordStatus: 'A', text: 'IN_DOUBT', clOrdId: 'a'}]);
    expect(play.wait(1_000_000).send('0')).toEqual([]);
    expect(play.send('F', {account: 'none', symbol: 'BTC', clOrdId: 'c', origClOrdId: 'a'})).toMatchObject([{text: 'PENDING', ordStatus: 'A'}]);
  });

  it('doubts an order again that went back to pending', () => {
    const play = ready();
    play.order({clOrdId: 'a'});
    play.send('F', {account: 'none', symbol: 'BTC', clOrdId: 'c', origClOrdId: 'a'});
    expect(play.wait(600_000).send('0')).toEqual([]);
    expect(brief(play.venue('O3', '9'))).toEqual(['I/A CANCEL_REJECTED']);
    expect(brief(play.send('0'))).toEqual(['venue H', 'I/A IN_DOUBT']);
  });

  it('expires by time, then by sequence, working orders only, and again when the cancel was refused', () => {
    const play = ready();
    const until = (after: number): object => ({tif: '6', expireTime: play.now + after, orderQty: '0.1'});
    const late = play.working({clOrdId: 'late', ...until(2000)});
    const early = play.working({clOrdId: 'early', ...until(1000)});
    const same = play.working({clOrdId: 'same', ...until(1996)});
    play.order({clOrdId: 'pending', ...until(500)});
    play.send('F', {account: 'none', symbol: 'BTC', clOrdId: 'k', origClOrdId: 'same'});
    const outputs = play.wait(3000).send('0');
    expect(outputs.map((output) => output['orderId'])).toEqual([early.orderId, early.orderId, late.orderId, late.orderId]);
    expect(brief(outputs)).toEqual(['venue F', '6/6 EXPIRED', 'venue F', '6/6 EXPIRED']);
    play.venue(same.orderId, '9');
    play.venue(early.orderId, '9');
    play.venue('O9', '0');
    expect(play.send('0').filter((output) => output['msgType'] === 'F').map((output) => output['orderId'])).toEqual(['O9', early.orderId, same.orderId]);
  });

  it('kills an account whose owner has gone silent', () => {
    const play = ready();
    play.working({account: 'decrement', clOrdId: 'a'});
    expect(play.wait(59_999_998).send('0')).toEqual([]);
    const outputs = play.wait(1).send('0');
    expect(outputs[0]).toEqual({msgType: 'r', refSeqNum: play.seq, account: 'decrement', scope: 'account', target: 'decrement', action: 'dead-man', killId: `T${play.seq}`, totalAffected: 1});
    expect(brief(outputs.slice(1))).toEqual(['venue F', '6/6 DEAD_MAN']);
    expect(play.wait(100_000_000).send('0')).toEqual([]);
    expect(brief(play.order({account: 'decrement'}))).toEqual(['8/8 KILLED']);
  });

  it('never goes back', () => {
    const play = ready();
    const {now} = play;
    play.wait(-1_000_000);
    expect(play.order().at(-1)).toMatchObject({transactTime: now, text: null});
  });
});

describe('the sequence', () => {
  it('drops repeats without an answer, counts them, and answers test requests outside of it', () => {
    const play = ready();
    play.seq = 10;
    expect(play.order({clOrdId: 'a'})).toHaveLength(2);
    play.seq = 10;
    expect(play.order({clOrdId: 'b'})).toEqual([]);
    play.seq = 4;
    expect(play.send('8', {orderId: 'O1'})).toEqual([]);
    expect(play.raw({msgType: '1', testReqId: 't', stateHash: '0'})).toEqual([{msgType: '0', refSeqNum: 11, testReqId: 't', stateHash: null}]);
    expect(play.raw({msgType: '1', testReqId: 't', stateHash: '1'})[0]!['stateHash']).toBe(play.harness.stateHash());
    expect(play.harness.lane.path.dropped.repeatedInputs).toBe(2);
  });

  it('is moved by a message that fails its schema, if its number can be read', () => {
    const play = ready();
    expect(play.raw({msgType: 'D', msgSeqNum: 50})).toEqual([{msgType: '3', refSeqNum: 50, account: '', refMsgType: 'D', text: 'SCHEMA_MISSING:transactTime'}]);
    expect(play.raw({msgType: 'Z', msgSeqNum: 50})).toEqual([]);
    expect(play.raw({msgType: 'Z', msgSeqNum: '60'})).toEqual([{msgType: '3', refSeqNum: 50, account: '', refMsgType: null, text: 'SCHEMA_ENUM:msgType'}]);
    expect(play.raw('nonsense')).toEqual([{msgType: '3', refSeqNum: 50, account: '', refMsgType: null, text: 'SCHEMA_JSON'}]);
  });
});

describe('market data', () => {
  it.each([['MD_FORMAT', {bidPx: '100.01', askPx: '100.00'}], ['MD_FORMAT', {bidPx: '0', askPx: '1'}], ['MD_FORMAT', {bidPx: '1.001', askPx: '2'}], ['UNKNOWN_SYMBOL', {symbol: 'X', bidPx: '0'}]])('%s for %j', (text, fields) => {
    expect(ready().send('W', {symbol: 'BTC', bidPx: '100', askPx: '100', ...(fields as object)})).toMatchObject([{msgType: 'j', account: '', refMsgType: 'W', text}]);
  });
});
