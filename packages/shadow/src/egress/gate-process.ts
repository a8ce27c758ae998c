import {TandemError} from '@tandem/contract';
import {Crashpoints} from './crashpoint.ts';
import {GateService} from './gate-service.ts';
import {readGateSettings} from './gate-settings.ts';

/**
 * The gate: `node gate-process.ts <settings.json>`. Says {"ready":true,"session":n} on stdout, then one line per notice. Ends in
 * order on SIGTERM or when stdin ends. SIGUSR1 is the kill switch; node's own use of that signal ends with our first listener for it.
 */
function say(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

async function main(path: string): Promise<void> {
  process.umask(0o077);
  // a file that may not grow further is a full disk, which the journal knows how to say, and not the end of the process
  process.on('SIGXFSZ', () => undefined);
  const tell = process.env['TANDEM_CRASHPOINT_TELL'] === '1' ? (name: string): void => say({crashpoint: name}) : null;
  const service = await GateService.start({
    settings: await readGateSettings(path), crashpoints: new Crashpoints(process.env['TANDEM_CRASHPOINT'], tell),
    onNotice: (notice) => say({notice}),
    onBroken: (error) => {
      if (error instanceof TandemError) refuse(error);
      process.stderr.write(`${error instanceof Error ? error.stack ?? error.message : String(error)}\n`);
      process.exit(70);
    },
  });
  let ending = false;
  const end = (): void => {
    if (ending) return;
    ending = true;
    service.stop().then(() => process.exit(0), (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(70);
    });
  };
  process.on('SIGTERM', end);
  // Ctrl-C reaches everybody in the terminal's group; who started us decides and ends our stdin.
  process.on('SIGINT', () => undefined);
  process.stdin.on('end', end).on('error', end).resume();
  process.stdout.on('error', end);
  say({ready: true, session: service.session, pid: process.pid});
}

/** The detail as one line of JSON on stderr: whoever started us shows it. */
function refuse({detail}: TandemError): never {
  process.stderr.write(`${JSON.stringify(detail)}\n`);
  process.exit(detail.kind === 'environment' ? 3 : 1);
}

main(process.argv[2] ?? '').catch((error: unknown) => {
  refuse(error instanceof TandemError ? error : new TandemError({id: 'TDM-E255', kind: 'invariant', what: String(error)}));
});
