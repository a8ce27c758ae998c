import {readFileSync} from 'node:fs';
import {enableCompileCache} from 'node:module';
import {exitCodeHelp, rootHelp} from './root-help.ts';

enableCompileCache();
// a file that may not grow further is an error like a full disk, not the end of the process
process.on('SIGXFSZ', () => undefined);
// whoever reads us may stop reading: `tandem diff | head`
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
}
const argv = process.argv.slice(2);
const asked = argv.join(' ');
if (['', '--help', '-h', 'help'].includes(asked)) process.stdout.write(rootHelp());
else if (asked === 'help exit-codes') process.stdout.write(exitCodeHelp);
else if (['--version', '-V', 'version'].includes(asked)) {
  const {version} = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {version: string};
  process.stdout.write(`tandem ${version}\n`);
} else if (asked === 'help config') {
  const {configHelp} = await import('./config/config-help.ts');
  process.stdout.write(configHelp);
} else {
  const {runCommand} = await import('./run-command.ts');
  await runCommand(argv[0] === 'help' ? [...argv.slice(1), '--help'] : argv);
}
