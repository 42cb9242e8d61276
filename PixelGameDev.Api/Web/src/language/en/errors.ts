import { explain } from './explain';
import { problems } from './problems';

/** Words for errors in English. */
export const englishErrors = { explain, problems };
