import {readFileSync} from 'node:fs';
import {enableCompileCache} from 'node:module';
import {exitCodeHelp, rootHelp} from './root-help.ts';

enableCompileCache();
// a file that may not grow further is an error like a full disk, not the end of the process
process.on('SIGXFSZ', () => undefined);
const argv = process.argv.slice(2);
const asked = argv.join(' ');
if (['', '--help', '-h', 'help'].includes(asked)) process.stdout.write(rootHelp());
else if (asked === 'help exit-codes') process.stdout.write(exitCodeHelp);
else if (['--version', '-V', 'version'].includes(asked)) {
  const {version} = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {version: string};
  process.stdout.write(`tandem ${version}\n`);
} else {
  const {runCommand} = await import('./run-command.ts');
  await runCommand(argv);
}
