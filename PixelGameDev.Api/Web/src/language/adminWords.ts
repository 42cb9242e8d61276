import { language } from '.';
import type { englishAdmin } from './en/admin';
import { laterWords } from './laterWords';

/** Words of the administration. Every language has the same ones. */
export type AdminWords = typeof englishAdmin;

const later = laterWords<AdminWords>({
  en: () => import('./en/admin').then(({ englishAdmin }) => englishAdmin),
  de: () => import('./de/admin').then(({ germanAdmin }) => germanAdmin),
});

/** Loads the words in the page's language. */
export const loadAdminWords = (): Promise<void> => later.load(language());

/** The words of the administration. They must have been loaded. */
export const adminWords = later.words;
