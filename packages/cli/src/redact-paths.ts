import type {CodecSpec} from '@tandem/contract';

/** Whether no payload of this codec can have a value at a path or below it, as far as the codec alone says: a misspelt name would hide nothing. */
export const unreachable = (path: string, spec: CodecSpec): boolean => {
  const frame = /^frame:(\d+)$/u.exec(path);
  if (frame !== null) return spec.name === 'multipart' && Number(frame[1]) >= spec.parts.length;
  return !reaches(path.slice(1).split('/').map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~')), spec);
};

const reaches = (path: readonly string[], spec: CodecSpec): boolean => {
  const [first, ...rest] = path;
  if (first === '**' || first === undefined) return true;
  const among = (names: readonly string[]): boolean => first === '*' || names.some((name) => (name.startsWith('$') ? `$${name}` : name) === first);
  switch (spec.name) {
    case 'text': return false;
    case 'raw': return first === '$bytes' || first === '*';
    case 'zlib': case 'gzip': return reaches(path, spec.inner);
    case 'binary': return among(spec.fields.map(({name}) => name));
    // one line is a record, several are a list of them
    case 'delimited': return spec.columns === null || among(spec.columns) || (/^(?:\d+|\*)$/u.test(first) && (rest.length === 0 || rest[0] === '*' || rest[0] === '**' || spec.columns.includes(rest[0] as string)));
    case 'multipart': {
      const named = spec.parts.some(({key}) => key !== null);
      return spec.parts.some(({key, codec}, index) => (first === '*' || first === (named ? key ?? '' : String(index))) && reaches(rest, codec));
    }
    default: return true;
  }
};
