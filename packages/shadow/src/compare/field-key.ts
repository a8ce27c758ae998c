/** One text for a field of a kind of output, as counts are kept by it. */
export const fieldKey = (outputKind: string, general: string): string => `${outputKind}\n${general}`;

export const partsOfFieldKey = (key: string): {readonly outputKind: string; readonly path: string} => {
  const at = key.indexOf('\n');
  return {outputKind: key.slice(0, at), path: key.slice(at + 1)};
};
