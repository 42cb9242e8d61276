import { language } from '.';
import type { englishReports } from './en/reports';
import { laterWords } from './laterWords';

/** Words about reports and games that were taken down. Every language has the same ones. */
export type ReportWords = typeof englishReports;

const later = laterWords<ReportWords>({
  en: () => import('./en/reports').then(({ englishReports }) => englishReports),
  de: () => import('./de/reports').then(({ germanReports }) => germanReports),
});

/** Loads the words in the page's language. */
export const loadReportWords = (): Promise<void> => later.load(language());

/** The words about reports. They must have been loaded. */
export const reportWords = later.words;

/** Returns the words of a reason; the reason itself if this page does not know it. */
export function reasonOf(reason: string): string {
  const { reasons } = later.words();
  return Object.hasOwn(reasons, reason) ? reasons[reason as keyof typeof reasons] : reason;
}
