import { signal } from '@preact/signals';
import { remembered } from '../frame/remembered';
import { english } from './en';
import { type Language, preferredLanguage } from './languages';
import { followLanguage } from './laterWords';
import { hasMoreWords, loadMoreWords } from './moreWords';
import type { Strings } from './strings';

/** English comes with the page, another language when somebody speaks it. */
const loaders: Readonly<Record<Language, () => Promise<Strings>>> = {
  en: () => Promise.resolve(english),
  de: () => import('./de').then(({ german }) => german),
};

const current = signal<{ language: Language; words: Strings }>({ language: 'en', words: english });

/** The language of the page. A component that reads it is drawn again when it changes. */
export const language = (): Language => current.value.language;

/** The page's words in the person's language. A component that reads them is drawn again when the language changes. */
export const strings: Strings = Object.defineProperties(
  {} as Strings,
  Object.fromEntries(
    (Object.keys(english) as (keyof Strings)[]).map((part) => [part, { enumerable: true, get: () => current.value.words[part] }]),
  ),
);

/** Shows the page in a language from now on. Rejects, and changes nothing, when its words cannot be loaded. */
export async function setLanguage(wanted: Language): Promise<void> {
  const words = await loaders[wanted]();
  await followLanguage(wanted);
  if (hasMoreWords()) await loadMoreWords(wanted);
  current.value = { language: wanted, words };
  if (typeof document !== 'undefined') document.documentElement.lang = wanted;
}

/** Shows the page in a language and remembers that in this browser. */
export async function chooseLanguage(wanted: Language): Promise<void> {
  await setLanguage(wanted);
  remembered.set('language', wanted);
}

/** Returns the language that the person wants, also before its words are loaded. */
export const wantedLanguage = (): Language => preferredLanguage(remembered.get('language'), navigator.languages);

/** Begins in the person's language; in English where its words cannot be loaded. */
export async function startLanguage(): Promise<void> {
  await setLanguage(wantedLanguage()).catch(() => undefined);
}
