import type {CapturedMessage, RedactPlan} from '@tandem/contract';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {message} from '../fixtures/capture.ts';
import {looksLikeCredential} from './credentials.ts';
import {fits} from './path-rules.ts';
import {hidesPath, redactMessages, redactWords} from './redact-messages.ts';

const key = new Uint8Array(32).fill(7);
const listed = (...fields: readonly (string | readonly [string, string])[]): RedactPlan => ({mode: 'listed', keep: [], fields: fields.map((one) => (typeof one === 'string' ? {path: one, group: null} : {path: one[0], group: one[1]}))});
const allBut = (keep: readonly string[], groups: Readonly<Record<string, string>> = {}): RedactPlan => ({mode: 'all-but', keep, fields: Object.entries(groups).map(([path, group]) => ({path, group}))});
const payloadOf = (one: CapturedMessage): string => Buffer.from(one.frames.at(-1) ?? '').toString('utf8');
const redacted = (plan: RedactPlan, text: string, by = key): string => payloadOf(redactMessages(plan, by)(message(1, {text})));
const parsed = (plan: RedactPlan, text: string): Record<string, string> => JSON.parse(redacted(plan, text)) as Record<string, string>;
const SEED = Number(process.env['TANDEM_SEED'] ?? 20_261_128);
const TAG = /^red_[A-Za-z0-9_-]{22}$/;

describe('hiding fields', () => {
  it('changes what is named and leaves every other octet as it is', () => {
    const text = ' {"msgType" : "D", "account":"A\\u0031", "px": 1.50, "legs":[{"account":"A1","qty":1e3},{"qty":-0}], "ok":true} ';
    const out = redacted(listed('/account', '/legs/*/account'), text);
    const [first, second] = out.match(/red_[A-Za-z0-9_-]{22}/g) ?? [];
    expect(out).toBe(text.replace('"A\\u0031"', `"${first}"`).replace('"A1"', `"${second}"`));
    expect(first).not.toBe(second);
  });

  it('gives equal values of one group equal tags, however they are written, and values of other groups or keys other ones', () => {
    const plan = listed(['/id', 'order'], ['/orig/**', 'order'], '/account', '/n', '/m');
    const {id, orig, account} = parsed(plan, '{"id":"x1","orig":{"ref":["x1"]},"account":"x1"}') as unknown as {id: string; orig: {ref: string[]}; account: string};
    expect(orig.ref[0]).toBe(id);
    expect(account).not.toBe(id);
    expect(id).toMatch(TAG);
    const tags = ['1.5', '1.50', '15e-1', '0.15E+1', '"1.5"'].map((number) => parsed(plan, `{"n":${number}}`)['n']);
    expect(new Set(tags).size).toBe(1);
    for (const [one, other] of [['1e999999999', '1e999999998'], ['10', '1'], ['-1', '1'], ['0.1', '1']]) expect(parsed(plan, `{"n":${one}}`)['n']).not.toBe(parsed(plan, `{"n":${other}}`)['n']);
    expect(redacted(plan, '{"id":"x1"}', new Uint8Array(32).fill(8))).not.toContain(id);
  });

  it('everything but: keeps what is named and what is no data', () => {
    const out = parsed(allBut(['/px', '/legs/*/qty'], {'/a': 'order', '/b': 'order'}), '{"px":1.5,"a":"o1","b":"o1","legs":[{"qty":7,"id":9}],"ok":false,"none":null,"nan":NaN}'.replace('NaN', '0')) as unknown as {px: number; a: string; b: string; legs: {qty: number; id: string}[]; ok: boolean; none: null};
    expect(out).toMatchObject({px: 1.5, legs: [{qty: 7}], ok: false, none: null});
    expect(out.a).toBe(out.b);
    expect(out.legs[0]?.id).toMatch(TAG);
  });

  it('hides credentials wherever they stand, also where a rule keeps the field, in keys and in frames', () => {
    const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U';
    const out = redacted(allBut(['/**']), JSON.stringify({note: `use ${jwt}`, [jwt]: 1, url: 'redis://user:hunter22@cache:6379', side: 'BUY'}));
    for (const secret of [jwt, 'hunter22']) expect(out).not.toContain(secret);
    expect(out).toContain('"side":"BUY"');
    const framed = redactMessages(listed('/x'), key)({...message(1), identity: 'client-7', frames: [Buffer.from(`topic Bearer ${jwt}`), new Uint8Array(0), Buffer.from('{"x":1}')]});
    expect(Buffer.from(framed.frames[0] ?? '').toString()).toMatch(TAG);
    expect(framed.frames[1]?.length).toBe(0);
    expect(framed.identity).toMatch(TAG);
    expect(Buffer.from(redactMessages(listed('frame:0'), key)({...message(1), frames: [Buffer.from('acc-1'), Buffer.from('{}')]}).frames[0] ?? '').toString()).toMatch(TAG);
  });

  it.each(['', '{', '{"a":1}x', 'not json', '{"a":01}', '{"a" 1}', '[1,]', '{"a":"\u0000"}'])('hides a payload that is no JSON as a whole: %j', (text) => {
    const out = JSON.parse(redacted(listed('/nothing'), text)) as Record<string, unknown>;
    expect(Object.keys(out)).toEqual(['$redacted', '$octets']);
    expect(out['$octets']).toBe(Buffer.byteLength(text));
  });

  it('hides octets that are no text, and too deep a nesting, as a whole', () => {
    const one = redactMessages(listed('/a'), key)({...message(1), frames: [Uint8Array.of(0x22, 0xff, 0x22)]});
    expect(payloadOf(one)).toMatch(/^\{"\$redacted":"red_/);
    expect(redacted(listed('/a'), '['.repeat(65) + ']'.repeat(65))).toMatch(/^\{"\$redacted":"red_/);
  });

  it('a path hides everything below it, lists without own groups are one group, and what was found nowhere is said', () => {
    const redact = redactMessages(listed('/client', '/448', '/acount'), key);
    const texts = ['{"client":{"name":"n","tags":["n",7]},"448":"A"}', '{"448":["A","B"],"449":"A"}', 'x'].map((text) => payloadOf(redact({...message(1), frames: [Buffer.from(text)]})));
    expect(texts[0]).not.toMatch(/"n"|7\]|"A"/u);
    expect(texts[1]?.endsWith(',"449":"A"}')).toBe(true);
    const [one, other] = [texts[0], texts[1]].map((text) => (text ?? '').match(/"448":\[?"(red_[\w-]{22})"/u)?.[1]);
    expect(one).toBe(other);
    expect(redact.counts()).toEqual({whole: 1, unfound: ['/acount']});
    expect(redactWords(redact.counts())).toBe('1 payloads could not be read and were hidden whole; no value was found at /acount, so nothing was hidden there');
    expect(redactWords({whole: 0, unfound: []})).toBe('');
  });

  it('a rewriter that fails lets nothing pass', () => {
    const broken = {allFrames: true, rewrite: () => { throw new Error('a mistake'); }};
    const redact = redactMessages(listed('/x'), key, {input: broken, answers: broken});
    const {frames} = redact({...message(1), frames: [Buffer.from('top'), Buffer.from('secret')]});
    expect(frames.map((octets) => Buffer.from(octets).toString())).toEqual([expect.stringMatching(/^\{"\$redacted":"red_/) as string, expect.stringMatching(/"\$octets":6\}$/) as string]);
    expect(redact.counts().whole).toBe(1);
  });

  it('patterns', () => {
    for (const [pattern, path, fit] of [['a/*', 'a/b', true], ['a/*', 'a/b/c', false], ['**/x', 'a/b/x', true], ['**/x', 'x', true], ['a/**', 'a', true], ['a/**/z', 'a/b/c/z', true], ['a/**/z', 'a/b/c', false]] as const) {
      expect(fits(pattern.split('/'), path.split('/')), `${pattern} ${path}`).toBe(fit);
    }
    expect(hidesPath(listed('/a/**'), '/a/b')).toBe(true);
    expect(hidesPath(allBut(['/a']), '/a')).toBe(false);
  });

  it(`any JSON: same shape, nothing listed remains, everything else does, twice is once (seed ${SEED})`, () => {
    const plan = listed('/**/secret');
    const value = fc.letrec((tie) => ({
      node: fc.oneof({maxDepth: 4}, fc.string(), fc.double({noNaN: true}), fc.boolean(), fc.constant(null), fc.array(tie('node'), {maxLength: 4}), fc.dictionary(fc.oneof(fc.constant('secret'), fc.string({maxLength: 5})), tie('node'), {maxKeys: 4})),
    })).node;
    // a name covers everything below it
    const expected = (one: unknown, hidden: boolean): unknown => {
      if (typeof one === 'string' || typeof one === 'number') return hidden ? 'TAG' : one;
      if (Array.isArray(one)) return one.map((item) => expected(item, hidden));
      if (one === null || typeof one !== 'object') return one;
      return Object.fromEntries(Object.entries(one).map(([name, item]) => [name, expected(item, hidden || name === 'secret')]));
    };
    const masked = (one: unknown): unknown => JSON.parse(JSON.stringify(one).replace(/"red_[A-Za-z0-9_-]{22}"/g, '"TAG"')) as unknown;
    fc.assert(fc.property(value, (one) => {
      const text = JSON.stringify(one);
      const out = redacted(plan, text);
      expect(masked(JSON.parse(out))).toEqual(JSON.parse(JSON.stringify(expected(one, false))));
      expect(redacted(plan, out)).toBe(out);
    }), {seed: SEED, numRuns: 400});
  });
});

describe('credentials', () => {
  it.each(['AKIAIOSFODNN7EXAMPLE', '-----BEGIN RSA PRIVATE KEY-----', 'Authorization: Bearer abcdef0123456789', 'https://me:pass@host/x', 'sk-live_0123456789abcdefXYZ', 'api_key=abcd1234', 'vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A', 'f'.repeat(24) + '0123456789abcdef01234567'])('are seen: %s', (text) => {
    expect(looksLikeCredential(text)).toBe(true);
  });
  it.each(['BTC-USDT', 'ord-00412', '2024-08-08T23:54:15.611000+00:00', '550e8400-e29b-41d4-a716-446655440000', 'a perfectly ordinary sentence of some length, with 7 numbers', 'x'.repeat(200), '0'.repeat(16), 'http://host:5555/path', 'EXECUTION_REPORT_REJECTED_BY_VENUE_42'])('are not seen: %s', (text) => {
    expect(looksLikeCredential(text)).toBe(false);
  });
  it('cost nothing to look for in hostile text', () => {
    const startedMs = performance.now();
    for (const piece of ['://a:', 'Bearer ', 'eyJaaaaaa.', '-----BEGIN ', 'password ', 'a1']) looksLikeCredential(piece.repeat(20_000));
    expect(performance.now() - startedMs).toBeLessThan(2000);
  });
});
