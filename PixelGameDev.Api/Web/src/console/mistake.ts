import { errorWords } from '../language/errorWords';
import type { ErrorReport } from '../stream/protocol';

export interface Explanation {
  /** What happened, one short sentence. */
  title: string;
  /** What to try. */
  hint: string;
}

/** Returns a kind of value in plain words, with its article. */
export function kind(type: string): string {
  const kinds: Readonly<Record<string, string>> = errorWords().explain.kinds;
  return Object.hasOwn(kinds, type) ? kinds[type]! : errorWords().explain.quoted(type);
}
export const isKnownKind = (type: string): boolean => Object.hasOwn(errorWords().explain.kinds, type);
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** What is known about a mistake. */
export interface Mistake {
  /** The exception's name without its module: "NameError". */
  type: string;
  message: string;
  /** Python's suggestion: "Did you mean: 'print'?". Only the traceback's text contains it. */
  near: string | undefined;
  /** The line that failed, without leading spaces; empty if it is not known. */
  source: string;
  /** The project's files. */
  files: readonly string[];
}

/** The input of an explanation. */
export type Reported = Pick<ErrorReport, 'type' | 'message'> & Partial<ErrorReport>;

export function readMistake(report: Reported, files: readonly string[]): Mistake {
  const type = report.type.split('.').at(-1) ?? report.type;
  const lines = (report.text ?? '').trimEnd().split('\n');
  const last = lines.findLast((line) => line.includes(`${type}:`)) ?? '';
  return {
    type,
    message: report.message,
    near: /Did you mean: '(.+?)'\?/.exec(`${last} ${report.message}`)?.[1],
    source: sourceOf(report, lines),
    files,
  };
}

/** Returns the failing line. In the text it stands below its place: `  File "main.py", line 4`. */
function sourceOf(report: Reported, lines: string[]): string {
  const place = lines.findLastIndex((line) => /^\s*File ".*", line \d+/.test(line));
  const below = place < 0 ? undefined : lines[place + 1]?.trim();
  if (below !== undefined && below !== '' && !below.startsWith('^')) return below;
  return report.frames?.at(-1)?.source?.trim() ?? '';
}
