import type {CanaryEvent} from '@tandem/contract';
import type {GateView} from '@tandem/shadow';
import {marks, paint, visible, type TerminalStyle} from './style.ts';

const percent = (share: number): string => `${+(share * 100).toFixed(1)} %`;

/** One event of a canary as a line: what was done, and why. */
export const canaryEventLine = (event: CanaryEvent, style: TerminalStyle): string => {
  const bad = event.kind === 'rollback' || event.kind === 'halt' || event.kind === 'kill' || event.kind === 'crash';
  const mark = bad ? paint(style, 'bad', marks(style).fail) : event.kind === 'promote' || event.kind === 'stage' ? paint(style, 'good', marks(style).pass) : paint(style, 'faint', marks(style).rest);
  return `${mark} ${event.stage.padEnd(12)} ${percent(event.share).padStart(6)}  ${visible(event.action)}${event.reason === '' ? '' : paint(style, 'faint', `  ${visible(event.reason)}`)}`;
};

/** The state of a canary as lines. `behind`: inputs that a lane which was started again still replays. */
export const canaryViewLines = (view: GateView, style: TerminalStyle, behind: Readonly<Record<string, number>> = {}): string[] => {
  const width = 30;
  const full = Math.round(view.share * width);
  const bar = (style.unicode ? '█' : '#').repeat(full) + (style.unicode ? '░' : '-').repeat(width - full);
  const replays = Object.entries(behind).filter(([, inputs]) => inputs > 0).map(([lane, inputs]) => `   ${lane} replays the log, ${inputs.toLocaleString('en-US')} inputs to go`).join('');
  return [
    `canary     ${view.stage.padEnd(12)} ${bar} ${percent(view.share)} of partitions   released ${view.accounts.released.toLocaleString('en-US')}   suppressed ${view.accounts.suppressed.toLocaleString('en-US')}${replays}`,
    paint(style, 'faint', `  legacy at ${view.watermarks.legacy.toLocaleString('en-US')}   candidate at ${view.watermarks.candidate.toLocaleString('en-US')}   waiting ${view.accounts.inFlight.toLocaleString('en-US')}${view.halted.length === 0 ? '' : `   HALTED ${view.halted.length}`}`),
  ];
};
