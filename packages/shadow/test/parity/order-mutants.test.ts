import {describe, expect, test} from 'vitest';
import {OrderModel, orderInputs} from './order-model.ts';
import type {Out, Quirks} from './order-model.ts';
import {runParity} from './parity-run.ts';
import {seeded} from './seeded.ts';

const SEED = 20261120;
const INPUTS = orderInputs(seeded(SEED), 3000);

/** A lane's outputs with the input that caused each. */
type Sent = {readonly inputSeq: number; readonly text: string};

function outputsOf(quirks: Quirks = {}): Sent[] {
  const model = new OrderModel(quirks);
  return INPUTS.flatMap((input, index) => model.handle(input).map((out) => ({inputSeq: index + 1, text: JSON.stringify(out)})));
}

const REFERENCE = outputsOf();

interface Mutant {
  readonly name: string;
  /** the class and the path that must be named, `class /path` */
  readonly named: readonly string[];
  /** what else may be found because of it */
  readonly also?: readonly string[];
  readonly title?: RegExp;
  readonly sent: () => readonly Sent[];
}

const field = (name: string, kind: string | null, change: (value: unknown, out: Out) => unknown) => (): readonly Sent[] => REFERENCE.map((sent) => {
  const out = JSON.parse(sent.text) as Out;
  if (!(name in out) || (kind !== null && out['msgType'] !== kind)) return sent;
  const value = change(out[name], out);
  if (value === undefined) delete out[name];
  else out[name] = value;
  return {...sent, text: JSON.stringify(out)};
});

const text = (change: (text: string, index: number) => string) => (): readonly Sent[] => REFERENCE.map((sent, index) => ({...sent, text: change(sent.text, index)}));

const stream = (change: (sent: Sent[]) => readonly Sent[]) => (): readonly Sent[] => change([...REFERENCE]);

const find = (test: (sent: Sent) => boolean, after = 500): number => REFERENCE.findIndex((sent, index) => index >= after && test(sent));

const isKind = (kind: string) => ({text: line}: Sent): boolean => line.startsWith(`{"msgType":"${kind}"`);

const isExecution = (execType: string) => ({text: line}: Sent): boolean => isKind('8')({text: line, inputSeq: 0}) && line.includes(`"execType":"${execType}"`);

const quirk = (quirks: Quirks) => (): readonly Sent[] => outputsOf(quirks);

const only = (value: unknown, when: (value: unknown) => boolean, then: (value: string) => unknown): unknown => (when(value) ? then(value as string) : value);

/** What a wrong decision brings about in later answers. */
const CASCADE = ['extra ', 'missing ', 'value', 'error-mismatch ', 'type /orderId'];

const MUTANTS: readonly Mutant[] = [
  // what the port decides
  {name: 'rounds half up', named: ['value /avgPx'], title: /rounds half up where legacy rounds half to even/u, sent: quirk({halfUp: true})},
  {name: 'collar one tick too wide', named: ['error-mismatch '], also: CASCADE, title: /legacy rejects with COLLAR, candidate accepts/u, sent: quirk({looseCollar: true})},
  {name: 'minimum quantity exclusive', named: ['error-mismatch '], also: CASCADE, title: /candidate rejects with QTY_MIN, legacy accepts/u, sent: quirk({minQtyExclusive: true})},
  {name: 'checks in another order', named: ['value /text'], also: ['value /ordRejReason'], title: /candidate says NOTIONAL_MAX where legacy says QTY_MAX/u, sent: quirk({notionalBeforeQty: true})},
  {name: 'state not updated by a replace', named: ['value /leavesQty'], also: CASCADE, sent: quirk({staleAfterReplace: true})},
  {name: 'average in doubles', named: ['value /avgPx'], also: ['precision /avgPx'], sent: quirk({doubleAverage: true})},
  {name: 'positions not kept', named: ['error-mismatch '], also: CASCADE, title: /legacy rejects with POSITION/u, sent: quirk({forgetsPositions: true})},
  {name: 'duplicates accepted', named: ['error-mismatch '], also: CASCADE, title: /legacy rejects with DUP_CLORDID, candidate accepts/u, sent: quirk({acceptsDuplicates: true})},
  {name: 'partly filled orders cannot be cancelled', named: ['error-mismatch '], also: CASCADE, title: /candidate rejects with TOO_LATE, legacy accepts/u, sent: quirk({rejectsLateCancel: true})},
  {name: 'one position for all accounts', named: ['error-mismatch '], also: CASCADE, sent: quirk({sharedPosition: true})},
  // single fields
  {name: 'wrong reason code', named: ['value /ordRejReason'], title: /candidate says 99 where legacy says 16/u, sent: field('ordRejReason', '8', (value) => (value === 16 ? 99 : value))},
  {name: 'wrong reason text', named: ['value /text'], title: /candidate says PX_COLLAR where legacy says COLLAR/u, sent: field('text', '8', (value) => (value === 'COLLAR' ? 'PX_COLLAR' : value))},
  {name: 'price one tick off', named: ['value /price'], title: /one unit in the last place/u, sent: field('price', 'D', (value) => (Number(value) + 0.01).toFixed(2))},
  {name: 'price without trailing zeros', named: ['value /price'], title: /without trailing zeros/u, sent: field('price', null, (value) => (typeof value === 'string' ? String(Number(value)) : value))},
  {name: 'quantity as a number', named: ['type /orderQty'], title: /writes the text as a number/u, sent: field('orderQty', 'D', (value) => Number(value))},
  {name: 'reason code as text', named: ['type /ordRejReason'], title: /writes the number as text/u, sent: field('ordRejReason', null, (value) => (value === null ? null : String(value)))},
  {name: 'null field left out', named: ['schema /origClOrdId'], title: /field missing in candidate where legacy has null/u, sent: field('origClOrdId', '8', (value) => (value === null ? undefined : value))},
  {name: 'field left out', named: ['schema /symbol'], title: /^field missing in candidate$/u, sent: field('symbol', 'F', () => undefined)},
  {name: 'text empty where null', named: ['type /text'], title: /null in legacy, string in candidate/u, sent: field('text', '8', (value) => value ?? '')},
  {name: 'microseconds cut to milliseconds', named: ['value /transactTime'], title: /cuts off the last 3 digits/u, sent: field('transactTime', null, (value) => Math.floor((value as number) / 1000) * 1000)},
  {name: 'milliseconds instead of microseconds', named: ['value /transactTime'], title: /× 0.001|cuts off/u, sent: field('transactTime', null, (value) => Math.floor((value as number) / 1000))},
  {name: 'a clock one second ahead', named: ['value /transactTime'], title: /candidate = legacy \+ 1000000/u, sent: field('transactTime', null, (value) => (value as number) + 1_000_000)},
  {name: 'lower case', named: ['value /symbol'], title: /letter case/u, sent: field('symbol', null, (value) => String(value).toLowerCase())},
  {name: 'padded text', named: ['value /symbol'], title: /white space around/u, sent: field('symbol', 'G', (value) => `${String(value)} `)},
  {name: 'text cut', named: ['value /text'], title: /cuts the text/u, sent: field('text', null, (value) => only(value, (one) => typeof one === 'string', (one) => one.slice(0, 4)))},
  {name: 'wrong side', named: ['value /side'], sent: field('side', 'D', (value) => (value === '1' ? '2' : '1'))},
  {name: 'order and client id swapped', named: ['value /orderId', 'value /clOrdId'], title: /swapped with/u, sent: () => REFERENCE.map((sent) => {
    const out = JSON.parse(sent.text) as Out;
    if (out['msgType'] !== '8' || out['execType'] !== 'F') return sent;
    [out['orderId'], out['clOrdId']] = [out['clOrdId'], out['orderId']];
    return {...sent, text: JSON.stringify(out)};
  })},
  {name: 'leaves one report behind', named: ['value /cumQty'], title: /one step behind/u, sent: () => {
    const latest = new Map<unknown, unknown>();
    return REFERENCE.map((sent) => {
      const out = JSON.parse(sent.text) as Out;
      if (out['msgType'] !== '8' || out['execType'] !== 'F') return sent;
      const before = latest.get(out['account']);
      latest.set(out['account'], out['cumQty']);
      return before === undefined ? sent : {...sent, text: JSON.stringify({...out, cumQty: before})};
    });
  }},
  {name: 'sign lost', named: ['value /transactTime'], title: /opposite sign/u, sent: field('transactTime', '9', (value) => -(value as number))},
  {name: 'quantity in lots', named: ['value /lastQty'], title: /candidate = legacy × 1000/u, sent: field('lastQty', '8', (value) => only(value, (one) => one !== null, (one) => (Number(one) * 1000).toFixed(3)))},
  {name: 'sequence as text', named: ['type /refSeqNum'], sent: field('refSeqNum', '9', (value) => String(value))},
  {name: 'execution ids from one', named: ['value /execId'], sent: field('execId', '8', (value) => String(value).replace(/\.(\d)$/u, (_, n: string) => `.${String(Number(n) + 1)}`))},
  {name: 'an id that wraps', named: ['value /transactTime'], title: /wraps at 32 bits/u, sent: field('transactTime', '8', (value) => (value as number) % 4294967296)},
  {name: 'extra field', named: ['schema /debug'], title: /field missing in legacy/u, sent: field('msgType', 'j', (value, out) => { out['debug'] = 1; return value; })},
  {name: 'partitions swapped', named: ['value /account'], sent: field('account', null, (value) => (value === 'ACC01' ? 'ACC02' : value === 'ACC02' ? 'ACC01' : value))},
  {name: 'kind changed', named: ['value /msgType'], also: ['missing ', 'extra '], sent: field('msgType', 'F', () => 'H')},
  // the writing
  {name: 'spaces between tokens', named: ['format-only '], title: /white space/u, sent: text((line) => line.replaceAll('":', '": '))},
  {name: 'keys in another order', named: ['format-only '], title: /another order/u, sent: text((line) => JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(line) as Out).reverse())))},
  {name: 'escaped text', named: ['format-only /symbol'], title: /escaped differently/u, sent: text((line) => line.replaceAll('"BTCUSDT"', '"\\u0042TCUSDT"'))},
  {name: 'whole numbers as floats', named: ['format-only /ordRejReason'], title: /with "\.0"/u, sent: text((line) => line.replace(/("ordRejReason":\d+)/u, '$1.0'))},
  {name: 'number with exponent', named: ['format-only /transactTime'], title: /exponent/u, sent: text((line) => line.replace(/"transactTime":(\d)(\d+)/u, (_, head: string, tail: string) => `"transactTime":${head}.${tail}e15`))},
  // spoilt messages
  {name: 'one message cut short', named: ['malformed '], title: /ends in the middle/u, sent: text((line, index) => (index === 700 ? line.slice(0, -9) : line))},
  {name: 'one message without its beginning', named: ['malformed '], sent: text((line, index) => (index === 700 ? line.slice(30) : line))},
  {name: 'a key twice', named: ['malformed '], title: /key twice/u, sent: text((line, index) => (index === 700 ? line.replace('{"msgType"', '{"symbol":"X","msgType"') : line))},
  {name: 'half a surrogate pair', named: ['malformed '], title: /surrogate/u, sent: text((line, index) => (index === find(isKind('8')) ? line.replace('"BTCUSDT"', '"\\ud83d"') : line))},
  {name: 'two messages glued', named: ['malformed '], title: /bytes after/u, sent: text((line, index) => (index === 700 ? line + line : line))},
  {name: 'an empty message', named: ['malformed '], title: /no value/u, sent: text((line, index) => (index === 700 ? '' : line))},
  // the stream
  {name: 'one acknowledgement lost', named: ['missing '], title: /candidate lacks an output of kind 8/u, sent: stream((sent) => sent.filter((_, index) => index !== find(isExecution('A'))))},
  {name: 'venue message lost', named: ['missing '], title: /lacks an output of kind D/u, sent: stream((sent) => sent.filter((_, index) => index !== find(isKind('D'))))},
  {name: 'all cancels to the venue lost', named: ['missing '], sent: stream((sent) => sent.filter((one) => !isKind('F')(one)))},
  {name: 'one report twice', named: ['duplicate '], title: /candidate sends the same output of kind 8 twice/u, sent: stream((sent) => sent.flatMap((one, index) => (index === find(isExecution('F')) ? [one, one] : [one])))},
  {name: 'one report twice, much later', named: ['late '], title: /after the input was settled/u, sent: stream((sent) => [...sent, sent[600] as Sent])},
  {name: 'an answer nobody asked for', named: ['extra '], sent: stream((sent) => sent.flatMap((one, index) => (index === 900 ? [one, {...one, text: one.text.replace(/"msgType":"."/u, '"msgType":"x"')}] : [one])))},
  {name: 'a cause that does not exist', named: ['extra '], title: /for an input that nobody sent/u, sent: stream((sent) => [...sent, {inputSeq: INPUTS.length, text: '{"msgType":"8","refSeqNum":99999999,"account":"ACC01"}'}])},
  {name: 'report before venue message', named: ['reordered '], title: /another order/u, sent: stream((sent) => {
    const at = find(isKind('D'));
    [sent[at], sent[at + 1]] = [sent[at + 1] as Sent, sent[at] as Sent];
    return sent;
  })},
  {name: 'a later input answered first', named: ['reordered '], title: /answers a later input of the same partition first/u, sent: stream((sent) => {
    const at = find(isExecution('F'));
    const {account} = JSON.parse((sent[at] as Sent).text) as {account: string};
    const next = sent.findIndex((one, index) => index > at && one.text.includes(`"account":"${account}"`));
    const [moved] = sent.splice(at, 1);
    sent.splice(next, 0, moved as Sent);
    return sent;
  })},
  {name: 'tail dropped', named: ['missing '], sent: stream((sent) => sent.slice(0, -25))},
  {name: 'two inputs share one answer', named: ['missing '], also: ['extra ', 'value', 'duplicate ', 'reordered ', 'error-mismatch '], sent: text((line, index) => (index === find(isExecution('F')) ? line.replace(/"refSeqNum":(\d+)/u, (_, ref: string) => `"refSeqNum":${String(Number(ref) - 1)}`) : line))},
  {name: 'one value wrong in one message of thousands', named: ['value /leavesQty'], sent: text((line, index) => (index === find(isExecution('F'), 2000) ? line.replace(/"leavesQty":"(\d+)/u, '"leavesQty":"9$1') : line))},
];

describe('mutants of the order path', () => {
  test('there are enough of them', () => {
    expect(MUTANTS.length).toBeGreaterThanOrEqual(45);
    expect(new Set(MUTANTS.map(({name}) => name)).size).toBe(MUTANTS.length);
  });

  test('the reference against itself shows nothing', () => {
    const {evidence} = compareWith(REFERENCE);
    expect(evidence).toMatchObject({groups: [], byClass: {}, bytesEqual: REFERENCE.length, matched: REFERENCE.length});
    expect(evidence.conservation).toMatchObject({in: INPUTS.length, compared: INPUTS.length, remainder: 0});
  });

  test.each(MUTANTS)('$name', ({named, also = [], title, sent}) => {
    const {evidence, divergences} = compareWith(sent());
    const found = new Set(evidence.groups.map((group) => `${group.class} ${group.path}`));
    for (const name of named) expect([...found]).toContain(name);
    const allowed = [...named, ...also];
    expect([...found].filter((name) => !allowed.some((one) => name === one || (one === 'value' && name.startsWith('value ')))), 'nothing else').toEqual([]);
    if (title !== undefined) expect(evidence.groups.filter((group) => named.includes(`${group.class} ${group.path}`)).map((group) => group.title).join('\n')).toMatch(title);
    expect(evidence.conservation.remainder).toBe(0);
    expect(divergences.length).toBe(Object.values(evidence.byClass).reduce((sum, count) => sum + count, 0));
  });

  test('a single planted defect is a single finding', () => {
    const single = MUTANTS.filter(({name}) => /^(one (?!position)|a key|half|two messages|an empty|report before|a later|venue message|a cause|an answer)/u.test(name));
    for (const {name, sent} of single) expect([name, compareWith(sent()).divergences.length]).toEqual([name, 1]);
  });
});

function compareWith(sent: readonly Sent[]): ReturnType<typeof runParity> {
  return runParity({inputs: INPUTS, expected: steps(REFERENCE), actual: steps(sent)});
}

/** Outputs with a watermark after every hundredth input. */
function steps(sent: readonly Sent[]): {send: string}[] | ({send: string} | {doneSeq: number})[] {
  const result: ({send: string} | {doneSeq: number})[] = [];
  let done = 0;
  for (const {inputSeq, text: line} of sent) {
    while (inputSeq > done + 100) result.push({doneSeq: done += 100});
    result.push({send: line});
  }
  return result;
}

