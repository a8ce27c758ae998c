// Writes README's table of figures from the output of `npm run claims -- --json`, so that nobody types a figure.
// Usage: npm run --silent claims -- order parity cutover ux --json > claims.json && node scripts/readme-figures.mjs claims.json
import {readFileSync, writeFileSync} from 'node:fs';
import {cpus, totalmem} from 'node:os';

const results = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const escape = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const figure = (value) => (value === null ? '–' : Number.isInteger(value) ? value.toLocaleString('en-US') : Number(value.toPrecision(3)).toString());
const mark = (holds, value) => (holds === true ? 'holds' : holds === false ? '**falls short**' : value === null ? 'not measurable here' : 'inconclusive');
const rows = results.map(({id, claim, figure: value, unit, goal, holds, conditions}) =>
  `| \`${id}\` | ${escape(claim)} | ${figure(value)} ${unit} | ${escape(goal.replaceAll('_', ','))} | ${mark(holds, value)} | ${escape(conditions)} |`);
const machine = `${cpus().length} × ${cpus()[0]?.model.replace(/\s+/g, ' ').trim()}, ${Math.round(totalmem() / 1024 ** 3)} GiB, Linux, Node ${process.versions.node}`;
const block = `<!-- figures -->\n\nMeasured ${new Date().toISOString().slice(0, 10)} on ${machine} (a shared virtual machine).\n\n| id | claim | figure | goal | | conditions |\n|---|---|---|---|---|---|\n${rows.join('\n')}\n\n<!-- /figures -->`;
const readme = readFileSync('README.md', 'utf8');
const place = /<!-- figures -->[\s\S]*?<!-- \/figures -->|<!-- figures -->/;
if (!place.test(readme)) throw new Error('README.md has no <!-- figures --> mark');
writeFileSync('README.md', readme.replace(place, () => block));
