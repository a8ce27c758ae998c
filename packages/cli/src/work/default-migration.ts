import {join} from 'node:path';
import {loadConfig, type LoadedConfig} from '../config/load-config.ts';
import {repositoryRoot} from '../package-root.ts';

/** The migration that the user named, or the order path of this repository. */
export const migrationFile = (named: string | null): Promise<LoadedConfig> => loadConfig(named ?? join(repositoryRoot(), 'examples/order-path/tandem.config.ts'));
