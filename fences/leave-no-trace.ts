// Loaded around every test file: files share their process, so what one changes of it would decide what the next one sees.
import {afterAll, expect} from 'vitest';

/** What a test file can change of its process and the next one would find: the working folder and the environment, as `name=value`. */
export const processState = (): readonly string[] => [
  `folder=${process.cwd()}`,
  // what the runner itself notes there
  ...Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST') && !name.startsWith('__VITEST')).map(([name, value]) => `${name}=${value ?? ''}`).sort(),
];

/** What is there now and was not before, with `+`, and the other way round, with `-`. */
export const traces = (before: readonly string[], after: readonly string[]): readonly string[] => [
  ...after.filter((one) => !before.includes(one)).map((one) => `+ ${one}`),
  ...before.filter((one) => !after.includes(one)).map((one) => `- ${one}`),
];

const before = processState();
afterAll(() => { expect(traces(before, processState()), 'this file leaves its process changed').toEqual([]); });
