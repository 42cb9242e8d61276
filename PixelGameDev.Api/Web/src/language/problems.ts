import { errorWords, hasErrorWords } from './errorWords';
import { formatSize } from './format';

/** Values in the sentence of a problem, by name. */
export type ProblemParameters = Readonly<Record<string, unknown>>;

/** Values that are megabytes. */
const sizes: readonly string[] = ['megabytes', 'more'];

/**
 * The page's own sentence for a problem of the server; undefined where the page does not know the code, the problem lacks a value
 * that the sentence needs, or the words could not be loaded. A problem of several kinds has a sentence for each: `too_fast.run`.
 */
export function sentenceOf(code: string | undefined, parameters: ProblemParameters = {}): string | undefined {
  const sentences: Readonly<Record<string, string>> = hasErrorWords() ? errorWords().problems : {};
  const key = parameters['kind'] === undefined ? code : `${code}.${parameters['kind']}`;
  if (key === undefined || !Object.hasOwn(sentences, key)) return undefined;
  let complete = true;
  const sentence = sentences[key]!.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = parameters[name];
    complete &&= typeof value === 'string' || typeof value === 'number';
    return sizes.includes(name) ? formatSize(Number(value) * 1_000_000) : String(value);
  });
  return complete ? sentence : undefined;
}
