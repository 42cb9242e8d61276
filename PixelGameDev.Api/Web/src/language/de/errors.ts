import type { ErrorWords } from '../errorWords';
import { explain } from './explain';
import { problems } from './problems';

/** Words for errors in German. */
export const germanErrors: ErrorWords = { explain, problems };
