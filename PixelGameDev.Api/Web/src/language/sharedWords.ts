import { language } from '.';
import type { englishShared } from './en/shared';
import { laterWords } from './laterWords';

/** Words of the page behind a link. Every language has the same ones. */
export type SharedWords = typeof englishShared;

const later = laterWords<SharedWords>({
  en: () => import('./en/shared').then(({ englishShared }) => englishShared),
  de: () => import('./de/shared').then(({ germanShared }) => germanShared),
});

/** Loads the words in the page's language. */
export const loadSharedWords = (): Promise<void> => later.load(language());

/** The words of the page behind a link. They must have been loaded. */
export const sharedWords = later.words;
