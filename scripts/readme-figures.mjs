// Writes the figures from the output of `npm run claims -- --json`, so that nobody types one: all of them with their conditions into
// docs/figures.md, the ones that a reader asks for first into README.md.
// Usage: npm run --silent claims -- order cutover tap signals ux --json > claims.json && node scripts/readme-figures.mjs claims.json [more.json ...]
import {readFileSync, writeFileSync} from 'node:fs';
import {cpus, totalmem} from 'node:os';

const FIRST = /^(order|cutover|ux)\.|^tap\.(held|added|loss|cpu|memory)|^signals\.(js-to-c|wasm-to-c|trees-to|end-to-end|many-symbols|against|sweep-scaling|leaks-found|migration)/;
const ORDER = ['order', 'cutover', 'tap', 'signals', 'ux'];

const results = process.argv.slice(2).flatMap((file) => JSON.parse(readFileSync(file, 'utf8')));
// one figure an id: what was measured last counts
const byId = new Map(results.map((result) => [result.id, result]));
const rows = [...byId.values()].sort((a, b) => ORDER.indexOf(a.area) - ORDER.indexOf(b.area));
const escape = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const figure = (value) => (value === null ? '–' : Number.isInteger(value) ? value.toLocaleString('en-US') : Math.abs(value) >= 1000 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3))));
const mark = (holds, value) => (holds === true ? 'holds' : holds === false ? '**falls short**' : value === null ? 'not measurable here' : 'inconclusive');
const row = ({id, claim, figure: value, unit, goal, holds}) => `| \`${id}\` | ${escape(claim)} | ${figure(value)} ${unit} | ${escape(goal.replaceAll('_', ','))} | ${mark(holds, value)} |`;
const machine = `${cpus().length} × ${cpus()[0]?.model.replace(/\s+/g, ' ').trim()}, ${Math.round(totalmem() / 1024 ** 3)} GiB, Linux, Node ${process.versions.node}`;
const when = `Measured ${new Date().toISOString().slice(0, 10)} on ${machine} (a shared virtual machine).`;
const block = `<!-- figures -->\n\n${when} Conditions of each, and the others: [figures](docs/figures.md).\n\n| id | claim | figure | goal | |\n|---|---|---|---|---|\n${rows.filter(({id}) => FIRST.test(id)).map(row).join('\n')}\n\n<!-- /figures -->`;
const readme = readFileSync('README.md', 'utf8');
const place = /<!-- figures -->[\s\S]*?<!-- \/figures -->|<!-- figures -->/;
if (!place.test(readme)) throw new Error('README.md has no <!-- figures --> mark');
writeFileSync('README.md', readme.replace(place, () => block));
writeFileSync('docs/figures.md', `# Figures\n\n${when} Written by \`scripts/readme-figures.mjs\` from \`npm run claims -- --json\`.\n\n| id | claim | figure | goal | | conditions |\n|---|---|---|---|---|---|\n${rows.map((one) => `${row(one)} ${escape(one.conditions)} |`).join('\n')}\n`);
