import type { english } from './en';

/** The words of the page. Every language has the same ones: a missing word does not compile. */
export type Strings = typeof english;
