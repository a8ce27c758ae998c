/** Filter over the causes, and the further examples of a cause, built from the data on demand. */
export const CAUSE_TOOLS = String.raw`
const filter = byId('cause-filter');
const causeState = byId('cause-state');
const causeNote = causeState ? causeState.textContent : '';
const groups = report.parity ? report.parity.groups : [];
if (filter) filter.addEventListener('input', () => {
  const wanted = filter.value.trim().toLowerCase();
  let shown = 0;
  for (const item of document.querySelectorAll('#causes > li')) {
    const group = groups[+item.dataset.cause];
    const hit = wanted === '' || [group.title, group.path, group.class, group.outputKind, group.fingerprint].join(' ').toLowerCase().includes(wanted);
    item.hidden = !hit;
    if (hit) shown++;
  }
  causeState.textContent = wanted === '' ? causeNote : shown + ' of ' + groups.length + ' causes match';
});
const difference = (expected, actual) => {
  const shorter = Math.min(expected.length, actual.length);
  let head = 0, tail = 0;
  while (head < shorter && expected[head] === actual[head]) head++;
  while (tail < shorter - head && expected[expected.length - 1 - tail] === actual[actual.length - 1 - tail]) tail++;
  return [head, tail];
};
const visible = (text) => String(text).toWellFormed().replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff]|[\u{e0000}-\u{e007f}]/gu, (character) => {
  const code = character.codePointAt(0);
  return code < 256 ? '\\x' + code.toString(16).padStart(2, '0') : '\\u{' + code.toString(16) + '}';
});
const sideOf = (lane, text, head, tail) => {
  const row = element('div', 'side ' + lane);
  row.append(element('span', 'lane-word', lane));
  const code = element('code');
  if (text === null) code.append(element('span', 'nothing', 'no output'));
  else code.append(visible(text.slice(0, head)), element('mark', '', visible(text.slice(head, text.length - tail))), visible(text.slice(text.length - tail)));
  row.append(code);
  return row;
};
for (const button of document.querySelectorAll('[data-more]')) button.addEventListener('click', () => {
  const group = groups[+button.dataset.more];
  const list = button.parentElement.querySelector('.examples');
  const first = list.children.length;
  for (const finding of group.examples.slice(first)) {
    const item = element('li', 'example');
    const head = element('p', 'example-head');
    head.append(element('span', 'mono', visible(finding.cause)), element('span', '', 'input ' + finding.inputSeq),
      element('span', '', 'partition ' + (visible(finding.partition) || 'none')), element('span', '', finding.root ? 'first of its partition' : 'after an earlier one'));
    const both = finding.expected !== null && finding.actual !== null;
    const [front, back] = both ? difference(finding.expected, finding.actual) : [0, 0];
    item.append(head, sideOf('legacy', finding.expected, front, back), sideOf('candidate', finding.actual, front, back));
    list.append(item);
  }
  if (list.children[first]) { list.children[first].tabIndex = -1; list.children[first].focus(); }
  button.remove();
});
`;
