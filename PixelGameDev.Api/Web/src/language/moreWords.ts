import { signal } from '@preact/signals';
import type { englishMore } from './en/more';
import type { Language } from './languages';

/** Words of what the page loads when it is opened: the history of a game, the page of all games. */
export type MoreWords = typeof englishMore;

const loaders: Readonly<Record<Language, () => Promise<MoreWords>>> = {
  en: () => import('./en/more').then(({ englishMore }) => englishMore),
  de: () => import('./de/more').then(({ germanMore }) => germanMore),
};

const current = signal<{ language: Language; words: MoreWords } | undefined>(undefined);

/** Loads these words in a language. */
export async function loadMoreWords(language: Language): Promise<void> {
  if (current.value?.language === language) return;
  const words = await loaders[language]();
  current.value = { language, words };
}

/** Whether the words are there, in whatever language. */
export function hasMoreWords(): boolean {
  return current.value !== undefined;
}

/** The words. They must have been loaded. */
export function moreWords(): MoreWords {
  return current.value!.words;
}
