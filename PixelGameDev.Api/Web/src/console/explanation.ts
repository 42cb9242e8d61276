import { signal } from '@preact/signals';
import { language } from '../language';
import { loadErrorWords } from '../language/errorWords';
import type { ErrorReport } from '../stream/protocol';
import type { Explanation } from './mistake';

const explainer = signal<((report: ErrorReport, files: readonly string[]) => Explanation) | undefined>(undefined);

/** Gets ready to explain errors: that is loaded when a game runs, not with the page. */
export async function loadExplanations(): Promise<void> {
  const [{ explain }] = await Promise.all([import('./explain'), loadErrorWords(language())]);
  explainer.value = explain;
}

/** Python's error in plain words; as Python says it while the words are not there. A component that asks is drawn again then. */
export function explanationOf(report: ErrorReport, files: readonly string[]): Explanation {
  return explainer.value?.(report, files) ?? { title: report.type, hint: report.message };
}
