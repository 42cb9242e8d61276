import { explain } from './explain';
import { mistakes } from './mistakes';
import { problems } from './problems';
import { saves } from './saves';

/** Words for errors in English, and others that are needed late. */
export const englishErrors = { explain, mistakes, problems, saves };
