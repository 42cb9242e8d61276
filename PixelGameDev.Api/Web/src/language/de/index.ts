import type { Strings } from '../strings';
import { frame } from './frame';
import { play } from './play';
import { studio } from './studio';

/** The words of the page in German, for a twelve-year-old. */
export const german: Strings = { ...frame, ...studio, ...play };
