import { signal } from '@preact/signals';
import type { Language } from './languages';

/** Words that are not part of the page: what needs them loads them first. */
export interface LaterWords<Words> {
  /** Loads the words in a language. Rejects when they cannot be loaded. */
  load(language: Language): Promise<void>;
  /** Whether the words are there, in whatever language. */
  has(): boolean;
  /** The words. They must have been loaded. A component that reads them is drawn again when the language changes. */
  words(): Words;
}

const all: LaterWords<unknown>[] = [];

export function laterWords<Words>(loaders: Readonly<Record<Language, () => Promise<Words>>>): LaterWords<Words> {
  const current = signal<{ language: Language; words: Words } | undefined>(undefined);
  const later: LaterWords<Words> = {
    load: async (language) => {
      if (current.value?.language === language) return;
      const words = await loaders[language]();
      current.value = { language, words };
    },
    has: () => current.value !== undefined,
    words: () => current.value!.words,
  };
  all.push(later);
  return later;
}

/** Loads what is there already in another language. */
export async function followLanguage(language: Language): Promise<void> {
  await Promise.all(all.filter((later) => later.has()).map((later) => later.load(language)));
}
