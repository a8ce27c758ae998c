/** How much of a run a page carries. When a page grows over its budget, the next level is tried. */
export interface DetailLevel {
  readonly causesMax: number;
  /** shown in the page without a click */
  readonly examplesShownMax: number;
  /** carried in the data of the page */
  readonly examplesKeptMax: number;
  readonly seriesPointsMax: number;
  readonly histograms: boolean;
}

export const DETAIL_LEVELS: readonly DetailLevel[] = [
  {causesMax: 100, examplesShownMax: 3, examplesKeptMax: 50, seriesPointsMax: 400, histograms: true},
  {causesMax: 60, examplesShownMax: 2, examplesKeptMax: 20, seriesPointsMax: 300, histograms: true},
  {causesMax: 40, examplesShownMax: 1, examplesKeptMax: 8, seriesPointsMax: 200, histograms: true},
  {causesMax: 20, examplesShownMax: 1, examplesKeptMax: 2, seriesPointsMax: 120, histograms: false},
  {causesMax: 5, examplesShownMax: 1, examplesKeptMax: 1, seriesPointsMax: 60, histograms: false},
];
