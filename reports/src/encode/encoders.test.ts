import {describe, expect, it} from 'vitest';
import {HOSTILE_STRINGS} from '../../test/hostile-strings.ts';
import {encodeAnnotationMessage, encodeAnnotationProperty, guardCiLog} from './ci-log.ts';
import {encodeCsv, encodeCsvCell} from './csv.ts';
import {encodeFileName} from './file-name.ts';
import {escapeHtml, html} from './html.ts';
import {encodeJsonIsland} from './json-island.ts';
import {markdownCell, markdownCode, markdownFence} from './markdown.ts';
import {shellWord} from './shell-word.ts';
import {encodeTerminal, encodeTerminalLine} from './terminal.ts';
import {encodeXml} from './xml.ts';

const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;
const UNSEEN = /[\u202a-\u202e\u2066-\u2069\u200b-\u200f\u2028\u2029\ufeff]/;

/** Every string that leaves its sink, shown; an empty list is the proof. */
const escapes = (leaves: (encoded: string, original: string) => boolean, encode: (text: string) => string): readonly string[] =>
  HOSTILE_STRINGS.filter((text) => leaves(encode(text), text));

describe('the hostile battery', () => {
  it('holds at least 250 different strings', () => expect(HOSTILE_STRINGS.length).toBeGreaterThanOrEqual(250));

  it('never leaves HTML text or a quoted attribute', () => {
    expect(escapes((out) => /[<>"'`]/.test(out) || CONTROL.test(out) || UNSEEN.test(out) || /&(?!#\d+;)/.test(out), escapeHtml)).toEqual([]);
  });
  it('keeps its text in HTML: references decode to what was shown', () => {
    const decode = (text: string): string => text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
    expect(decode(escapeHtml('<a href="x">\'&`'))).toBe('<a href="x">\'&`');
  });
  it('never leaves the data island, and comes back as it was', () => {
    expect(escapes((out, original) => /[<>&\u2028\u2029]/.test(out) || (JSON.parse(out) as string) !== original, encodeJsonIsland)).toEqual([]);
  });
  it('never moves a terminal', () => {
    expect(escapes((out) => CONTROL.test(out) || UNSEEN.test(out), encodeTerminal)).toEqual([]);
    expect(escapes((out) => CONTROL.test(out) || UNSEEN.test(out) || /[\n\t]/.test(out), encodeTerminalLine)).toEqual([]);
    expect(encodeTerminal('\u001b]52;c;ZXZpbA==\u0007 a\tb\n')).toBe('\\x1b]52;c;ZXZpbA== a\tb\n');
    expect(encodeTerminalLine('x\rPASS')).toBe('x\\rPASS');
  });
  it('never starts a formula in CSV and never splits a cell', () => {
    expect(escapes((out) => /^"?[\s\u00a0]*[=+@\uff1d\uff0b\uff0d\uff20]/.test(out) || (/^"?-/.test(out) && !/^-\d/.test(out)), (text) => encodeCsvCell(text))).toEqual([]);
    expect(escapes((out) => !/^(?:[^",\r\n]*|"(?:[^"\r\n]|"")*")$/.test(out), (text) => encodeCsvCell(text))).toEqual([]);
    expect(encodeCsvCell('-1.5e3')).toBe('-1.5e3');
    expect(encodeCsvCell('-1+1')).toBe("'-1+1");
    expect(encodeCsv([['a', 1], ['b,c', '=x']])).toBe("a,1\r\n\"b,c\",'=x\r\n");
  });
  it('never leaves a markdown code span, a table cell or a fence', () => {
    const spanHolds = (out: string): boolean => {
      const fence = /^`+/.exec(out)?.[0] ?? '';
      const inside = out.slice(fence.length, -fence.length);
      return fence !== '' && out.endsWith(fence) && !(inside.match(/`+/g) ?? []).some((run) => run === fence) && !out.includes('\n');
    };
    expect(escapes((out) => !spanHolds(out), markdownCode)).toEqual([]);
    expect(escapes((out) => /(?<!\\)\|/.test(out) || out.includes('\n'), markdownCell)).toEqual([]);
    expect(escapes((out) => {
      const [open = '', ...rest] = out.split('\n');
      const fence = open.replace('text', '');
      return rest.slice(0, -1).some((line) => line.trimStart().startsWith(fence)) || rest.at(-1) !== fence;
    }, markdownFence)).toEqual([]);
  });
  it('never leaves XML and holds no character that XML 1.0 forbids', () => {
    const forbidden = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
    expect(escapes((out) => /[<>"']/.test(out) || forbidden.test(out) || /&(?!#\d+;)/.test(out), encodeXml)).toEqual([]);
  });
  it('never gives a CI runner a command', () => {
    expect(escapes((out) => /[\r\n]/.test(out) || /%(?!25|0A|0D)/.test(out), encodeAnnotationMessage)).toEqual([]);
    expect(escapes((out) => /[\r\n:,]/.test(out), encodeAnnotationProperty)).toEqual([]);
    expect(escapes((out) => out.split('\n').some((line) => /^\s*::/.test(line) || /##[a-z]*\[/i.test(line)), guardCiLog)).toEqual([]);
  });
  it('gives a file name that no system reads as anything else', () => {
    expect(escapes((out) => !/^[A-Za-z0-9_][A-Za-z0-9._-]{0,79}$/.test(out) || out.includes('..'), encodeFileName)).toEqual([]);
  });
  it('is one word for a shell', () => {
    expect(escapes((out) => !/^(?:[A-Za-z0-9_./:=@%+,-]+|'(?:[^']|'\\'')*')$/.test(out), shellWord)).toEqual([]);
    expect(shellWord("it's; rm -rf /")).toBe("'it'\\''s; rm -rf /'");
  });
  it('leaves Object.prototype as it was', () => {
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined();
  });
});

describe('html tag', () => {
  it('escapes values, joins lists and markup, and drops null', () => {
    expect(html`<p title="${'"<'}">${[html`<b>${1}</b>`, 'x & y']}${null}</p>`.source).toBe('<p title="&#34;&#60;"><b>1</b>x &#38; y</p>');
  });
});
