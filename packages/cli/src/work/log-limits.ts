import type {LiveCaptureOptions} from '@tandem/shadow';
import {numberFlag, type WorkContext} from './work-context.ts';

/** How a capture is cut into segments and how much of it stays, as the flags say. */
export const logLimits = (context: WorkContext): NonNullable<LiveCaptureOptions['log']> => {
  const [segmentBytes, segmentMs] = [numberFlag(context, 'segment-size'), numberFlag(context, 'segment-time')];
  return {
    ...(segmentBytes === null ? {} : {segmentBytes}), ...(segmentMs === null ? {} : {segmentMs}),
    retention: {bytesMax: numberFlag(context, 'keep-size'), ageMsMax: numberFlag(context, 'keep-age')},
  };
};
