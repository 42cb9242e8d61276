import type { englishErrors } from './en/errors';
import { laterWords } from './laterWords';

/** Words for errors of Python and of the server, and for the files that a game has saved. Every language has the same ones. */
export type ErrorWords = typeof englishErrors;

/** Most people use the page for long before they meet an error. */
const later = laterWords<ErrorWords>({
  en: () => import('./en/errors').then(({ englishErrors }) => englishErrors),
  de: () => import('./de/errors').then(({ germanErrors }) => germanErrors),
});

export const loadErrorWords = later.load;

/** Whether the words are there, in whatever language. */
export const hasErrorWords = later.has;

/** The words for errors. They must have been loaded. */
export const errorWords = later.words;
