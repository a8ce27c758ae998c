import {describe, expect, it} from 'vitest';
import {OrderPlay} from '../../test/order-play.ts';

const D = {msgType: 'D', msgSeqNum: 9, transactTime: 5, account: 'none', symbol: 'BTC', clOrdId: 'c', side: '1', ordType: '2', orderQty: '1', price: '100', tif: '1'};
const REPORT = {msgType: '8', msgSeqNum: 9, transactTime: 5, orderId: 'O1', execId: 'x', execType: '0'};
const without = (message: object, field: string): object => Object.fromEntries(Object.entries(message).filter(([key]) => key !== field));
const reason = (message: object | string): unknown => new OrderPlay().raw(message as Record<string, unknown>)[0]!['text'];

describe('the schema of a message', () => {
  it.each(['msgSeqNum', 'transactTime', 'account', 'symbol', 'clOrdId', 'side', 'ordType', 'orderQty', 'price', 'tif'])('needs %s', (field) => {
    expect(reason(without(D, field))).toBe(`SCHEMA_MISSING:${field}`);
    expect(reason({...D, [field]: null})).toBe(`SCHEMA_FORMAT:${field}`);
    expect(reason({...D, [field]: ['1']})).toBe(`SCHEMA_FORMAT:${field}`);
  });

  it.each([
    ['SCHEMA_ENUM:side', {side: '3'}], ['SCHEMA_ENUM:ordType', {ordType: ''}], ['SCHEMA_ENUM:tif', {tif: '2'}], ['SCHEMA_ENUM:execInst', {execInst: 'e'}], ['SCHEMA_FORMAT:side', {side: 1}],
    ['SCHEMA_FORMAT:orderQty', {orderQty: 1}], ['SCHEMA_FORMAT:orderQty', {orderQty: '+1'}], ['SCHEMA_FORMAT:orderQty', {orderQty: '1.'}], ['SCHEMA_FORMAT:orderQty', {orderQty: '1e3'}],
    ['SCHEMA_FORMAT:orderQty', {orderQty: '01'}], ['SCHEMA_FORMAT:orderQty', {orderQty: '1234567890'}], ['SCHEMA_FORMAT:orderQty', {orderQty: '1.1234567890'}], ['SCHEMA_FORMAT:orderQty', {orderQty: '٣'}],
    ['SCHEMA_FORMAT:orderQty', {orderQty: 'NaN'}], ['SCHEMA_FORMAT:orderQty', {orderQty: ' 1'}], ['SCHEMA_FORMAT:clOrdId', {clOrdId: ''}], ['SCHEMA_FORMAT:clOrdId', {clOrdId: 'x'.repeat(37)}],
    ['SCHEMA_FORMAT:clOrdId', {clOrdId: 'a b'}], ['SCHEMA_FORMAT:clOrdId', {clOrdId: 'a"b'}], ['SCHEMA_FORMAT:clOrdId', {clOrdId: 'a\\b'}], ['SCHEMA_FORMAT:clOrdId', {clOrdId: 'é'}], ['SCHEMA_FORMAT:clOrdId', {clOrdId: 'a\u007f'}],
    ['SCHEMA_FORMAT:account', {account: ''}], ['SCHEMA_FORMAT:msgSeqNum', {msgSeqNum: 0}], ['SCHEMA_FORMAT:msgSeqNum', {msgSeqNum: -1}], ['SCHEMA_FORMAT:msgSeqNum', {msgSeqNum: 1.5}],
    ['SCHEMA_FORMAT:msgSeqNum', {msgSeqNum: 2 ** 53}], ['SCHEMA_FORMAT:transactTime', {transactTime: '5'}], ['SCHEMA_EXTRA', {extra: 1}], ['SCHEMA_EXTRA', {execId: 'x'}], ['SCHEMA_EXTRA', {stopPx: '1'}],
    ['SCHEMA_EXTRA', {expireTime: 5}], ['SCHEMA_FORMAT:expireTime', {tif: '6', expireTime: 0}], ['SCHEMA_EXTRA', {ordType: '1'}], ['SCHEMA_MISSING:stopPx', {ordType: '3', price: undefined}],
    ['SCHEMA_EXTRA', {ordType: '3'}], ['SCHEMA_ENUM:msgType', {msgType: 'X'}], ['SCHEMA_ENUM:msgType', {msgType: 5}], ['SCHEMA_ENUM:msgType', {msgType: 'DD'}],
  ])('%s for %j', (text, change) => {
    expect(reason({...D, ...change})).toBe(text);
  });

  it.each(['1.0', '1e0', '-0', '9007199254740992', '1E2'])('takes no %s for a sequence', (number) => {
    expect(reason(JSON.stringify(D).replace('"msgSeqNum":9', `"msgSeqNum":${number}`))).toBe('SCHEMA_FORMAT:msgSeqNum');
  });

  it('takes the longest ids and decimals, escaped or not', () => {
    expect(reason({...D, clOrdId: '~'.repeat(36), orderQty: '-999999999.999999999'})).toBe('STALE_REF'.replace('STALE_REF', 'QTY_LOT'));
    expect(reason(JSON.stringify(D).replace('"c"', '"\\u0063"').replace('"side"', '"\\u0073ide"'))).toBe('STALE_REF');
    expect(reason(`\r\n\t ${JSON.stringify(D, null, '\t')} \n`)).toBe('STALE_REF');
  });

  it('looks at the fields in order, then for others, then at conditions', () => {
    expect(reason({...D, side: '9', tif: 5, extra: 1})).toBe('SCHEMA_ENUM:side');
    expect(reason({...D, extra: 1, ordType: '1'})).toBe('SCHEMA_EXTRA');
    expect(reason(without(D, 'price'))).toBe('SCHEMA_MISSING:price');
  });

  it('wants quantity and price of a fill, and of a fill only', () => {
    expect(reason({...REPORT, execType: 'F'})).toBe('SCHEMA_MISSING:lastQty');
    expect(reason({...REPORT, execType: 'F', lastQty: '1'})).toBe('SCHEMA_MISSING:lastPx');
    expect(reason({...REPORT, lastQty: '1'})).toBe('SCHEMA_EXTRA');
    expect(reason({...REPORT, execType: 'F', lastQty: '1', lastPx: '1'})).toBe('UNKNOWN_ORDER');
  });

  it('allows an empty target, and no other empty name', () => {
    const q = {msgType: 'q', msgSeqNum: 9, transactTime: 5, scope: 'global', target: '', action: 'halt', cancelOpen: '0', killId: 'k'};
    expect(reason(q)).toBeUndefined();
    expect(reason({...q, killId: ''})).toBe('SCHEMA_FORMAT:killId');
    expect(reason({...q, action: 'dead-man'})).toBe('SCHEMA_ENUM:action');
    expect(reason({msgType: '1', testReqId: 't', stateHash: '2'})).toBe('SCHEMA_ENUM:stateHash');
    expect(reason({msgType: '1', testReqId: 't', stateHash: '0', msgSeqNum: 5})).toBe('SCHEMA_EXTRA');
  });
});
