import type {SessionProgress} from '@tandem/shadow';
import {paint, type TerminalStyle} from './style.ts';

const count = (value: number): string => value.toLocaleString('en-US');
const bar = (share: number, width: number, unicode: boolean): string => {
  const full = Math.round(Math.max(0, Math.min(1, share)) * width);
  return (unicode ? '█' : '#').repeat(full) + (unicode ? '░' : '-').repeat(width - full);
};

/** The state of a session as lines; the first one stands for all where nothing can be redrawn. */
export const sessionLines = (name: string, progress: SessionProgress, style: TerminalStyle): string[] => {
  const {phase, elapsedMs, total, fed, compared, differences, groups, lanes} = progress;
  const share = total === null || total === 0 ? null : compared / total;
  const rate = elapsedMs > 0 ? Math.round(compared / (elapsedMs / 1000)) : 0;
  const left = share === null || share <= 0.01 ? '' : `  ~${Math.round((elapsedMs / share - elapsedMs) / 1000)} s left`;
  const head = `${name}  ${phase}  ${share === null ? '' : `${bar(share, 20, style.unicode)} ${Math.floor(share * 100)} %  `}${count(compared)}${total === null ? '' : ` of ${count(total)}`} compared  ${count(rate)}/s${left}`;
  const parity = differences === 0 ? paint(style, 'good', 'no difference') : paint(style, 'bad', `${count(differences)} differences in ${groups} kinds`);
  return [head, ...lanes.map(({lane, label, sent, settled}) => paint(style, 'faint', `  ${lane.padEnd(10)} ${label.padEnd(14)} sent ${count(sent).padStart(10)}   settled ${count(settled).padStart(10)}`)),
    `  parity     ${parity}${fed > compared ? paint(style, 'faint', `   ${count(fed - compared)} waiting`) : ''}`];
};
