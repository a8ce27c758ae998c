import {spawnSync} from 'node:child_process';
import {expect, test} from 'vitest';
import {decodeJson} from './decode-json.ts';
import {JsonNumber, JsonObject, stringOf} from './json-value.ts';
import type {JsonValue} from './json-value.ts';

/** Texts with what Python's json module makes of them; `own` names where this decoder differs on purpose. */
const CORPUS: readonly {readonly bytes: Uint8Array; readonly own?: string}[] = [
  ...['{}', '[]', '""', '0', '-0', '-0.0', '1.0', '1e5', '1E+16', '1e-05', '1e400', 'NaN', 'Infinity', '-Infinity', '[NaN, 1]', 'true', 'null',
    '9007199254740993', '123456789012345678901234567890', '0.1', '"\\u00e9"', '"é"', '"\\ud83d\\ude00"', '"😀"', '"\\/"', '"\\b\\f\\n\\r\\t"', ' [ 1 , 2 ] ', '{"b": 1, "a": [null, true]}',
    '{"1": 1, "01": 2, "true": 3}', '{"__proto__": {"a": 1}}', '"\u007f\u0085\u2028"', '[[[[[[[[]]]]]]]]', '"\\u0000"', '[1.5e3, -2E-2]',
    '', ' ', '{', '[1,]', '{"a":1,}', "{'a': 1}", '01', '1.', '.5', '+1', '1e', '0x10', '1_000', 'nan', 'True', 'None', '-NaN', '"\\x41"', '"\\u12g4"', '"a\nb"', '"\u0000"', '1 2', '{} x', '[1 2]', '{"a" 1}', '"abc', '-', 'tru',
  ].map((text) => ({bytes: new TextEncoder().encode(text)})),
  {bytes: new TextEncoder().encode('\ufeff{}'), own: 'a byte order mark is refused'},
  {bytes: new TextEncoder().encode('{"a": 1, "a": 2}'), own: 'a key twice is refused'},
  {bytes: new TextEncoder().encode('"\\ud83d"'), own: 'half of a surrogate pair is refused'},
  {bytes: new TextEncoder().encode('['.repeat(80) + ']'.repeat(80)), own: 'depth is limited'},
  {bytes: Uint8Array.from([0x22, 0xff, 0x22])},
  {bytes: Uint8Array.from([0x22, 0xed, 0xa0, 0x80, 0x22]), own: 'half of a surrogate pair is refused'},
];

const PROGRAM = `
import json, sys
def text(value):
    if isinstance(value, Number): return 'n:' + value.text
    if isinstance(value, str): return 's:' + value
    if isinstance(value, list): return '[' + '|'.join(text(one) for one in value) + ']'
    if isinstance(value, dict): return '{' + '|'.join(key + '=' + text(one) for key, one in value.items()) + '}'
    return str(value).lower()
class Number:
    def __init__(self, text): self.text = text
answers = []
for line in sys.stdin:
    raw = bytes.fromhex(line.strip())
    try: answers.append(text(json.loads(raw, parse_int=Number, parse_float=Number, parse_constant=Number)))
    except (ValueError, RecursionError): answers.append(None)
print(json.dumps([None if one is None else one.encode('utf-8', 'surrogatepass').hex() for one in answers]))
`;

const python = spawnSync('python3', ['-I', '-c', PROGRAM], {input: CORPUS.map(({bytes}) => Buffer.from(bytes).toString('hex')).join('\n'), encoding: 'utf8'});

test.skipIf(python.status !== 0)('accepts, refuses and means what Python does, except where it says otherwise', () => {
  const answers = JSON.parse(python.stdout) as (string | null)[];
  expect(answers).toHaveLength(CORPUS.length);
  CORPUS.forEach(({bytes, own}, index) => {
    const result = decodeJson(bytes);
    const answer = answers[index] ?? null;
    const text = new TextDecoder().decode(bytes);
    if (own !== undefined) expect([text, answer !== null, result.ok]).toEqual([text, true, false]);
    else expect([text, result.ok ? meaning(result.json.root) : null]).toEqual([text, answer === null ? null : Buffer.from(answer, 'hex').toString('utf8')]);
  });
});

function meaning(value: JsonValue): string {
  if (value instanceof JsonNumber) return `n:${value.text}`;
  if (value instanceof JsonObject) return `{${value.keys().map((key, index) => `${key}=${meaning(value.values[index] as JsonValue)}`).join('|')}}`;
  if (Array.isArray(value)) return `[${(value as JsonValue[]).map(meaning).join('|')}]`;
  const text = stringOf(value);
  if (text !== null) return `s:${text}`;
  return value === null ? 'none' : String(value);
}
