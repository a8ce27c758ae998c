import {describe, expect, it} from 'vitest';
import {inCallersWords} from './callers-words.ts';

const clone = {npm_lifecycle_event: 'tandem'};

describe('commands in the words of the caller', () => {
  it('says npm run in a clone, and the plain name where the program is installed', () => {
    expect(inCallersWords('take a fingerprint from tandem diff', clone)).toBe('take a fingerprint from npm run tandem -- diff');
    expect(inCallersWords('next     npm run tandem -- replay captures/day', {})).toBe('next     tandem replay captures/day');
    expect(inCallersWords('  npm run demo -- --fixed   green', {})).toBe('  tandem demo --fixed   green');
    expect(inCallersWords('ready: npm run demo', {})).toBe('ready: tandem demo');
  });
  it('leaves alone what is right already and what is no command', () => {
    for (const text of ['npm run tandem -- replay x', 'npm run demo -- --fault', 'tandem has a defect here', 'tandem replay-service', 'this one reads "tandem log 1"']) expect(inCallersWords(text, clone)).toBe(text);
    for (const text of ['tandem replay x', 'npm run setup', 'npm run demonstrate']) expect(inCallersWords(text, {})).toBe(text);
  });
});
