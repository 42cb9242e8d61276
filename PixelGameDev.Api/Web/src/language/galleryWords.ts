import { language } from '.';
import type { englishGallery } from './en/gallery';
import { laterWords } from './laterWords';

/** Words of the gallery and of publishing a game. Every language has the same ones. */
export type GalleryWords = typeof englishGallery;

const later = laterWords<GalleryWords>({
  en: () => import('./en/gallery').then(({ englishGallery }) => englishGallery),
  de: () => import('./de/gallery').then(({ germanGallery }) => germanGallery),
});

/** Loads the words in the page's language. */
export const loadGalleryWords = (): Promise<void> => later.load(language());

/** Whether the words are there. */
export const hasGalleryWords = later.has;

/** The words of the gallery. They must have been loaded. */
export const galleryWords = later.words;
