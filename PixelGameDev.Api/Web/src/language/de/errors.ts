import type { ErrorWords } from '../errorWords';
import { explain } from './explain';
import { mistakes } from './mistakes';
import { problems } from './problems';
import { saves } from './saves';

/** Words for errors in German, and others that are needed late. */
export const germanErrors: ErrorWords = { explain, mistakes, problems, saves };
