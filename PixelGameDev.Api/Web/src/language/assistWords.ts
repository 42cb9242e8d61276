import type { englishAssist } from './en/assist';
import { language } from './index';
import type { Language } from './languages';

/** Words of the editor's help. Every language has the same ones. */
export type AssistWords = typeof englishAssist;

const loaders: Readonly<Record<Language, () => Promise<AssistWords>>> = {
  en: () => import('./en/assist').then(({ englishAssist }) => englishAssist),
  de: () => import('./de/assist').then(({ germanAssist }) => germanAssist),
};

const loaded = new Map<Language, AssistWords>();

/** Loads the words of the editor's help in a language. */
export async function loadAssistWords(wanted: Language): Promise<void> {
  if (!loaded.has(wanted)) loaded.set(wanted, await loaders[wanted]());
}

/** Returns the words of the editor's help: in the language of the page, else in one that is loaded. One must have been loaded. */
export function assistWords(): AssistWords {
  return (loaded.get(language()) ?? [...loaded.values()][0])!;
}
