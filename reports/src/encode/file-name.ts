/** A file name that no shell, archive or file system reads as anything else: `[A-Za-z0-9._-]{1,80}`, no leading dot or dash. */
export const encodeFileName = (text: string): string => {
  const kept = text.replace(/[^A-Za-z0-9._-]+/g, '_').replace(/^[.\-_]+/, '').replace(/\.{2,}/g, '.').slice(0, 80);
  return kept === '' ? 'unnamed' : kept;
};
