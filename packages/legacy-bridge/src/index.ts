export {codecName, codecOf} from './codecs/codec-of.ts';
export {REWRITER_MODULE} from './codecs/rewrite/rewriter-module.ts';
export {layoutProblem} from './codecs/binary-codec.ts';
export {laneEnvironment} from './python-environment.ts';
export {pythonLane, referenceScript, type PythonLaneOptions, type ReferenceScript} from './legacy-lane.ts';
export {BRIDGE_REQUIREMENTS, ensurePython, type PythonOptions, type PythonRuntime} from './python-runtime.ts';
export {ensureSignalsPython, signalsVenv, SIGNAL_REQUIREMENTS} from './signals-python.ts';
export {featureTrialScript, objectStorePython} from './object-store-python.ts';
