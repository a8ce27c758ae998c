import {Buffer} from 'node:buffer';
import {bundleToOneFile} from '../emit/one-file.ts';

/** Runs a program of this folder from one bundle, made as the lane's is: the code that is measured is the code that serves. */
export const importBundled = async (entry: URL): Promise<void> => {
  const {files} = await bundleToOneFile({entryPoints: [entry.pathname], outdir: 'nowhere'});
  await import(`data:text/javascript;base64,${Buffer.from(files[0]!.text).toString('base64')}`);
};
