import { signal } from '@preact/signals';
import { language } from '../language';
import { loadErrorWords } from '../language/errorWords';
import type { ErrorReport } from '../stream/protocol';
import type { Explanation } from './mistake';

const explainer = signal<((report: ErrorReport, files: readonly string[]) => Explanation) | undefined>(undefined);

/** Loads the explanations of errors. They are loaded when a game runs, not with the page. */
export async function loadExplanations(): Promise<void> {
  const [{ explain }] = await Promise.all([import('./explain'), loadErrorWords(language())]);
  explainer.value = explain;
}

/**
 * Explains Python's error in plain words; in Python's words until the explanations are loaded. Then the calling component is drawn again.
 */
export function explanationOf(report: ErrorReport, files: readonly string[]): Explanation {
  return explainer.value?.(report, files) ?? { title: report.type, hint: report.message };
}
