import { signal } from '@preact/signals';
import type { englishErrors } from './en/errors';
import type { Language } from './languages';

/** Words for errors of Python and of the server. Every language has the same ones. */
export type ErrorWords = typeof englishErrors;

const loaders: Readonly<Record<Language, () => Promise<ErrorWords>>> = {
  en: () => import('./en/errors').then(({ englishErrors }) => englishErrors),
  de: () => import('./de/errors').then(({ germanErrors }) => germanErrors),
};

const current = signal<{ language: Language; words: ErrorWords } | undefined>(undefined);

/** Loads the words for errors in a language: not with the page, which most people use for long before they meet one. */
export async function loadErrorWords(language: Language): Promise<void> {
  if (current.value?.language === language) return;
  const words = await loaders[language]();
  current.value = { language, words };
}

/** Whether the words are there, in whatever language. */
export function hasErrorWords(): boolean {
  return current.value !== undefined;
}

/** The words for errors. They must have been loaded. */
export function errorWords(): ErrorWords {
  return current.value!.words;
}
