import type {CodecSpec, PayloadRewriter} from '@tandem/contract';
import {JSON_REWRITER, type Rewriters} from './redact-messages.ts';

/** Where what rewrites payloads is loaded from. By name, for the tap's process gets it as text; the harness itself knows no codec. */
export interface RewriterSource {
  /** address of a module that exports `rewriterOf(spec: CodecSpec): PayloadRewriter` */
  readonly module: string;
  readonly input: CodecSpec;
  /** of what the observed system answers */
  readonly answers: CodecSpec;
}

export const loadRewriters = async (source: RewriterSource | null | undefined): Promise<Rewriters> => {
  if (source === null || source === undefined) return {input: JSON_REWRITER, answers: JSON_REWRITER};
  const {rewriterOf} = await import(source.module) as {readonly rewriterOf: (spec: CodecSpec) => PayloadRewriter};
  return {input: rewriterOf(source.input), answers: rewriterOf(source.answers)};
};
