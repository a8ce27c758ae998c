import {fail, ok, type Check} from './check.ts';

/** Every safe setting of our sockets, read back from libzmq. */
export const socketChecks = async (): Promise<readonly Check[]> => {
  const {socketSettings} = await import('@tandem/shadow');
  const settings = await socketSettings();
  return settings.map(({name, inForce, wanted, byDefault}) => ({
    id: `socket.${name}`, label: name,
    look: () => Promise.resolve(inForce === wanted ? ok(`${inForce}  (libzmq by itself: ${byDefault})`) : fail(`${inForce} instead of ${wanted}`, 'reinstall the packages: npm run setup')),
  }));
};
