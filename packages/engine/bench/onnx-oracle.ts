import {existsSync} from 'node:fs';
import {createRequire} from 'node:module';
import {join} from 'node:path';

/** What is used of onnxruntime-node, which has a folder of its own and is installed only where it is asked for. */
export interface OnnxSession {
  run(feeds: Record<string, unknown>): Promise<Record<string, {readonly data: Float32Array}>>;
  release(): Promise<void>;
}
interface OnnxRuntime {
  readonly InferenceSession: {create(model: Uint8Array, options: object): Promise<OnnxSession>};
  readonly Tensor: new (type: 'float32', data: Float32Array, shape: readonly number[]) => unknown;
}

const HOME = join(import.meta.dirname, '../../../tools/onnxruntime');

/** Null where it is not installed: npm ci --ignore-scripts --prefix tools/onnxruntime */
export const loadOnnx = (): OnnxRuntime | null => {
  if (!existsSync(join(HOME, 'node_modules/onnxruntime-node'))) return null;
  return createRequire(join(HOME, 'package.json'))('onnxruntime-node') as OnnxRuntime;
};

export const openOnnx = async (onnx: OnnxRuntime, model: Uint8Array): Promise<OnnxSession> =>
  await onnx.InferenceSession.create(model, {intraOpNumThreads: 1, interOpNumThreads: 1, executionMode: 'sequential', graphOptimizationLevel: 'all'});
