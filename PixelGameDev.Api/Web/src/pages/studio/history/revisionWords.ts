import { language } from '../../../language';
import { moreWords } from '../../../language/moreWords';
import type { Revision } from './historyServer';

/** Returns why a revision was recorded, in words. */
export function reasonOf({ reason, path }: Pick<Revision, 'reason' | 'path'>): string {
  const words = moreWords().history;
  return path !== null && path !== undefined ? words.restoredFile(path) : (words.reasons[reason] ?? reason);
}

/** Returns the time of day, with the day if it is another one. */
export function formatTime(time: string): string {
  const date = new Date(time);
  const isToday = date.toDateString() === new Date().toDateString();
  return date.toLocaleString(language(), isToday ? { timeStyle: 'short' } : { dateStyle: 'medium', timeStyle: 'short' });
}
