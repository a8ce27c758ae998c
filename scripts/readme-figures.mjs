// Writes the figures from the output of `npm run claims -- --json`, so that nobody types one: all of them with their conditions into docs/figures.json and
// docs/figures.md, the ones that a reader asks for first into README.md. What is not measured anew stays, with the machine and the day on which it was.
// Usage, on the machine that measured: npm run --silent claims -- signals --json > claims.json && node scripts/readme-figures.mjs claims.json [more.json ...]
import {readFileSync, writeFileSync} from 'node:fs';
import {cpus, totalmem} from 'node:os';

const FIRST = /^(order|cutover|ux)\.|^tap\.(held|added|loss|cpu|memory)|^signals\.(js-to-c|wasm-to-c|trees-to|end-to-end|many-symbols|against|sweep-scaling|leaks-found|migration)/;
const ORDER = ['order', 'cutover', 'tap', 'signals', 'ux'];

const STORE = 'docs/figures.json';
const machine = `${cpus().length} × ${cpus()[0]?.model.replace(/\s+/g, ' ').trim()}, ${Math.round(totalmem() / 1024 ** 3)} GiB, Linux, Node ${process.versions.node}`;
const measuredOn = new Date().toISOString().slice(0, 10);
const results = process.argv.slice(2).flatMap((file) => JSON.parse(readFileSync(file, 'utf8'))).map(({seconds: _, ...result}) => ({...result, machine, measuredOn}));
// one figure an id: what was measured last counts
const byId = new Map([...JSON.parse(readFileSync(STORE, 'utf8')), ...results].map((result) => [result.id, result]));
const rows = [...byId.values()].sort((a, b) => ORDER.indexOf(a.area) - ORDER.indexOf(b.area));
const escape = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const figure = (value) => (value === null ? '–' : Number.isInteger(value) ? value.toLocaleString('en-US') : Math.abs(value) >= 1000 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3))));
const mark = (holds, value) => (holds === true ? 'holds' : holds === false ? '**falls short**' : value === null ? 'not measurable here' : 'inconclusive');
const row = ({id, claim, figure: value, unit, goal, holds}) => `| \`${id}\` | ${escape(claim)} | ${figure(value)} ${unit} | ${escape(goal.replaceAll('_', ','))} | ${mark(holds, value)} |`;
/** Which areas were measured where and when; an area that was measured in parts stands in each. */
const places = new Map();
for (const {area, machine: where, measuredOn: day} of rows) {
  const place = `on ${where} (a shared virtual machine), ${day}`;
  places.set(place, (places.get(place) ?? new Set()).add(area));
}
const when = `Measured ${[...places].map(([place, areas]) => `${places.size === 1 ? '' : `(${[...areas].join(', ')}) `}${place}`).join('; ')}.`;
const block = `<!-- figures -->\n\n${when} Conditions of each, and the others: [figures](docs/figures.md).\n\n| id | claim | figure | goal | |\n|---|---|---|---|---|\n${rows.filter(({id}) => FIRST.test(id)).map(row).join('\n')}\n\n<!-- /figures -->`;
const readme = readFileSync('README.md', 'utf8');
const place = /<!-- figures -->[\s\S]*?<!-- \/figures -->|<!-- figures -->/;
if (!place.test(readme)) throw new Error('README.md has no <!-- figures --> mark');
writeFileSync('README.md', readme.replace(place, () => block));
writeFileSync(STORE, `${JSON.stringify(rows, null, 1)}\n`);
writeFileSync('docs/figures.md', `# Figures\n\n${when} Written by \`scripts/readme-figures.mjs\` from \`npm run claims -- --json\`; the same as data: [figures.json](figures.json).\n\n| id | claim | figure | goal | | conditions |\n|---|---|---|---|---|---|\n${rows.map((one) => `${row(one)} ${escape(one.conditions)}${places.size === 1 ? '' : `; ${one.measuredOn}, ${one.machine}`} |`).join('\n')}\n`);
