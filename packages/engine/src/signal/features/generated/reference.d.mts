import type {EmittedModule} from '../emitted-features.ts';
export declare const manifest: EmittedModule['manifest'];
export declare const bind: EmittedModule['bind'];
