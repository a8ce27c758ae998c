/** Files made in the page from its own data. CSV cells are guarded as in encode/csv.ts; a test holds the two together. */
export const DOWNLOADS = String.raw`
const csvCell = (value) => {
  const raw = value === null || value === undefined ? '' : String(value);
  if (/^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/.test(raw)) return raw;
  const seen = raw.toWellFormed().replace(/[\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff]|[\u{e0000}-\u{e007f}]/gu, (character) => {
    const code = character.codePointAt(0);
    return code > 0xffff ? '\\u{' + code.toString(16).padStart(5, '0') + '}' : '\\u' + code.toString(16).padStart(4, '0');
  }).replace(/[\u0000-\u001f\u007f-\u009f]/g, (character) => ({'\n': '\\n', '\r': '\\r', '\t': '\\t'})[character] || '\\x' + character.charCodeAt(0).toString(16).padStart(2, '0'));
  const guarded = /^[\s\u00a0]*[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(raw) || /^[\t\r]/.test(raw) ? "'" + seen : seen;
  return /[",;\s]/.test(guarded) ? '"' + guarded.replaceAll('"', '""') + '"' : guarded;
};
const csv = (rows) => rows.map((row) => row.map(csvCell).join(',') + '\r\n').join('');
const hgrm = (latency) => {
  const curve = report.latencyCurves.find(({kind}) => kind === latency.kind);
  const line = curve.lanes.find(({lane}) => lane === latency.lane);
  const known = line ? curve.inverse.map((inverse, n) => [inverse, line.valuesNs[n]]).filter(([, valueNs]) => valueNs !== null) : [];
  const pad = (value, width) => String(value).padStart(width);
  const lines = known.map(([inverse, valueNs]) => pad(valueNs.toFixed(3), 14) + ' ' + (1 - 1 / inverse).toFixed(12) + ' ' + pad(Math.round((1 - 1 / inverse) * latency.count), 10) + ' ' + pad(inverse.toFixed(2), 14));
  return '         Value     Percentile TotalCount 1/(1-Percentile)\n\n' + lines.join('\n') + '\n#[Mean    = ' + pad(latency.meanNs.toFixed(3), 12) + ', unit = ns]\n#[Max     = ' + pad(latency.maxNs.toFixed(3), 12) + ', Total count    = ' + pad(latency.count, 12) + ']\n';
};
const files = {
  json: () => ['report.json', 'application/json', JSON.stringify(report, null, 2) + '\n'],
  quantiles: () => ['quantiles.csv', 'text/csv', csv([['kind', 'quantile', 'legacyNs', 'legacyLowNs', 'legacyHighNs', 'candidateNs', 'candidateLowNs', 'candidateHighNs', 'ratio', 'ratioLow', 'ratioHigh', 'floorRatio', 'note'],
    ...report.quantiles.flatMap(({kind, rows}) => rows.map((row) => [kind, row.quantile, row.legacyNs, ...(row.legacyIntervalNs || [null, null]), row.candidateNs, ...(row.candidateIntervalNs || [null, null]), row.ratio, row.ratioLow, row.ratioHigh, row.floorRatio, row.note]))])],
  series: () => ['cpu-and-memory.csv', 'text/csv', csv([['measure', 'lane', 'tMs', 'value'],
    ...(report.series ? ['cores', 'memoryBytes'].flatMap((measure) => report.series[measure].flatMap(({lane, points}) => points.map(([x, y]) => [measure, lane, x, y]))) : [])])],
  causes: () => ['differences.csv', 'text/csv', csv([['fingerprint', 'class', 'field', 'kind', 'title', 'count', 'cause', 'partition', 'inputSeq', 'legacy', 'candidate', 'rule', 'root'],
    ...groups.flatMap((group) => group.examples.map((finding) => [group.fingerprint, group.class, group.path, group.outputKind, group.title, group.count, finding.cause, finding.partition, finding.inputSeq, finding.expected, finding.actual, finding.rule, finding.root]))])],
};
const save = ([name, type, text]) => {
  const link = element('a');
  link.href = URL.createObjectURL(new Blob([text], {type}));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
};
for (const button of document.querySelectorAll('[data-download]')) button.addEventListener('click', () => save(files[button.dataset.download]()));
for (const latency of report.latency) {
  const button = element('button', '', latency.lane + ' ' + latency.kind + ', .hgrm');
  button.type = 'button';
  button.addEventListener('click', () => save([latency.lane + '-' + latency.kind + '.hgrm', 'text/plain', hgrm(latency)]));
  byId('hgrm-buttons').append(button);
}
`;
