export type Language = 'en' | 'de';

/** The languages of the page by their own names. */
export const languages: Readonly<Record<Language, string>> = { en: 'English', de: 'Deutsch' };

/** Returns the language that was chosen in this browser, else the first of the browser's own that the page speaks, else English. */
export function preferredLanguage(stored: string | null, spoken: readonly string[]): Language {
  // Sample of what browsers say: de-CH, de, en-US, en
  const known = [stored ?? '', ...spoken].map((tag) => tag.toLowerCase().split('-')[0]).find(isLanguage);
  return known ?? 'en';
}

function isLanguage(tag: string | undefined): tag is Language {
  return tag !== undefined && Object.hasOwn(languages, tag);
}
