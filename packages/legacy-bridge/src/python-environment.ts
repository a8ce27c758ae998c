import {delimiter, dirname} from 'node:path';

/** What a process of ours may know of its surroundings. */
type Surroundings = Readonly<Record<string, string | undefined>>;

/**
 * The whole environment of a lane in Python: nothing is inherited, so no secret reaches it, and two runs of the same inputs
 * give the same bytes (hash seed, locale, time zone) and the same load (one thread for numeric libraries).
 */
export function laneEnvironment(python: string): Readonly<Record<string, string>> {
  return {
    PATH: [dirname(python), '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter),
    PYTHONUNBUFFERED: '1',
    PYTHONHASHSEED: '0',
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
    OMP_NUM_THREADS: '1',
    OPENBLAS_NUM_THREADS: '1',
    MKL_NUM_THREADS: '1',
  };
}

/** For asking an interpreter what it is: where programs are, and the homes of tools that put a shim before it. */
export function probeEnvironment(surroundings: Surroundings): Readonly<Record<string, string>> {
  return {...pick(surroundings, /^(PATH|HOME|PYENV_[A-Z_]+|ASDF_[A-Z_]+|SYSTEMROOT|TMPDIR|TEMP|TMP)$/i), LC_ALL: 'C.UTF-8', PYTHONDONTWRITEBYTECODE: '1'};
}

/** For pip: besides that, how this user reaches the package index (proxy, certificates, mirror). */
export function installEnvironment(surroundings: Surroundings): Readonly<Record<string, string>> {
  return {
    ...probeEnvironment(surroundings),
    ...pick(surroundings, /^(https?_proxy|no_proxy|all_proxy|PIP_[A-Z_]+|SSL_CERT_(FILE|DIR)|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|NETRC|XDG_(CONFIG|CACHE)_HOME)$/i),
    PIP_NO_INPUT: '1', PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_NO_COLOR: '1',
  };
}

function pick(surroundings: Surroundings, names: RegExp): Record<string, string> {
  return Object.fromEntries(Object.entries(surroundings).filter((entry): entry is [string, string] => entry[1] !== undefined && names.test(entry[0])));
}
