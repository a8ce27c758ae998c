#!/usr/bin/env node
// Lives at packages/cli/bin/tandem.cjs. ES5 on purpose: it must parse on any Node, and re-executes itself on the
// Node that scripts/ensure.mjs linked when the current one is too old.
'use strict';
var min = [22, 18];
var v = process.versions.node.split('.').map(Number);
if (v[0] > min[0] || (v[0] === min[0] && v[1] >= min[1])) {
  import('./start.mjs');
} else {
  var path = require('path'), fs = require('fs'), cp = require('child_process'), os = require('os');
  var bin = path.resolve(__dirname, '../../../node_modules/.bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (!fs.existsSync(bin)) {
    console.error('tandem needs Node >= ' + min.join('.') + ' (found ' + process.version + ').\n' +
      '  In a clone:  npm run setup\n  Elsewhere:   npx -y -p node@26 -p @tandem/cli tandem ' + process.argv.slice(2).join(' '));
    process.exit(69);
  }
  var child = cp.spawn(bin, [__filename].concat(process.argv.slice(2)), {stdio: 'inherit'});
  process.on('SIGINT', function () {}); // the terminal signals both; wait for the child to flush
  process.on('SIGTERM', function () { child.kill('SIGTERM'); });
  child.on('exit', function (code, signal) { process.exit(signal ? 128 + os.constants.signals[signal] : code); });
}
