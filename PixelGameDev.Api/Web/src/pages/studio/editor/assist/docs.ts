import { assistWords } from '../../../../language/assistWords';

export { assistWords };

/** Returns the description of a name of pygame or Python; undefined if there is none. */
export function docsOf(name: string): string | undefined {
  const { docs } = assistWords();
  return Object.hasOwn(docs, name) ? docs[name] : undefined;
}

export function hasDocs(name: string): boolean {
  return docsOf(name) !== undefined;
}
