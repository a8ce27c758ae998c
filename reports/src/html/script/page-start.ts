/** First part of the page script: the data, and words for numbers. All text reaches the page by textContent alone. */
export const PAGE_START = String.raw`
const report = JSON.parse(document.getElementById('report-data').textContent);
const byId = (id) => document.getElementById(id);
const element = (name, className, text) => {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
};
const significant = (value) => {
  if (value === 0) return '0';
  const digits = Math.min(12, Math.max(0, 2 - Math.floor(Math.log10(Math.abs(+value.toPrecision(3))))));
  const parts = value.toFixed(digits).split('.');
  return parts[0].replace(/\B(?=(\d{3})+$)/g, ',') + (parts[1] === undefined ? '' : '.' + parts[1]);
};
const scaled = (value, steps) => {
  const step = steps.find((entry) => Math.abs(value) >= entry[0] * 0.9995) || steps[steps.length - 1];
  return (step[0] === 1 && Number.isInteger(value) ? value : significant(value / step[0])) + ' ' + step[1];
};
const words = {
  ns: (value) => scaled(value, [[1e9, 's'], [1e6, 'ms'], [1e3, 'µs'], [1, 'ns']]),
  bytes: (value) => scaled(value, [[1e9, 'GB'], [1e6, 'MB'], [1e3, 'kB'], [1, 'B']]),
  cores: (value) => significant(value) + ' cores',
  share: (value) => +(value * 100).toFixed(2) + ' %',
  nines: (value) => 'p' + +(100 * (1 - 1 / value)).toFixed(Math.max(1, Math.ceil(Math.log10(value)))),
  time: (value) => value >= 12e4 ? +(value / 6e4).toFixed(1) + ' min' : +(value / 1e3).toFixed(1) + ' s',
};
`;
