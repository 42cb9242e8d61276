import { explanationOf } from '../console/explanation';
import { language, strings } from '../language';
import type { RunEnd } from './run';

export interface EndWords {
  title: string;
  text: string;
}

/** Returns the words about the end of a run, in the person's language. `files` are those of the project. */
export function endWords(end: RunEnd, files: readonly string[]): EndWords {
  if (end.reason === 'crashed' && end.report !== undefined) {
    const { title, hint } = explanationOf(end.report, files);
    return { title, text: hint };
  }
  const ends: Readonly<Record<string, EndWords>> = strings.ends;
  const { title, text } = Object.hasOwn(ends, end.reason) ? ends[end.reason]! : strings.ends.unknown;
  if (end.running !== undefined) return { title, text: runningElsewhere(end.running.map(({ projectName }) => projectName)) };
  // The server's sentence says more about the end, but is English.
  const own = language() !== 'en' && end.translated !== true && end.reason in ends;
  return { title, text: own || end.message === '' ? text : end.message };
}

/** Returns the sentence about the account's games that run elsewhere. */
function runningElsewhere(projects: readonly string[]): string {
  const { quoted, one, several } = strings.runningElsewhere;
  const names = [...new Set(projects)].map(quoted);
  return names.length === 1 ? one(names[0]!) : several(names.slice(0, -1).join(', '), names.at(-1)!);
}
