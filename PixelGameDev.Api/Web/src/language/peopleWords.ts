import { language } from '.';
import type { englishPeople } from './en/people';
import { laterWords } from './laterWords';

/** Words of the pages about accounts, and of the sign-in. Every language has the same ones. */
export type PeopleWords = typeof englishPeople;

const later = laterWords<PeopleWords>({
  en: () => import('./en/people').then(({ englishPeople }) => englishPeople),
  de: () => import('./de/people').then(({ germanPeople }) => germanPeople),
});

/** Loads the words in the page's language. */
export const loadPeopleWords = (): Promise<void> => later.load(language());

/** The words about accounts. They must have been loaded. */
export const peopleWords = later.words;
