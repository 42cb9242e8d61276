import { frame } from './frame';
import { play } from './play';
import { studio } from './studio';

/** The words of the page in English. */
export const english = { ...frame, ...studio, ...play };
