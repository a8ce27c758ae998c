export {absolute, allBut, binary, bytes, command, decimal, delimited, f32, f64, gzip, i16, i32, i64, i8, msgpack, multipart, pickle, text, u16, u32, u64, u8, utf8, zlib, defineMigration, dealer, engine, epsilon, exact, ignore, json, node, pull, push, python, raw, relative, req, sub, ulps, unordered} from './config/builders.ts';
export type {MigrationConfig} from './config/builders.ts';
