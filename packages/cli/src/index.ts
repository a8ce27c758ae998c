export {absolute, command, decimal, defineMigration, dealer, engine, exact, ignore, json, node, pull, push, python, raw, relative, req, sub, ulps, unordered} from './config/builders.ts';
export type {MigrationConfig} from './config/builders.ts';
