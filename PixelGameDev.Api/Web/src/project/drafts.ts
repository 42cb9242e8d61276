import { remembered } from '../ui/dom';

/** A text that could not be stored on the server yet, and the revision of the file that it changes. */
export interface Draft {
  text: string;
  revision: number;
}

/** By path. Outlives a closed page or an empty battery. */
export type Drafts = Record<string, Draft>;

const key = (project: string): string => `draft.${project}`;

export function keepDrafts(project: string, drafts: Drafts): void {
  if (Object.keys(drafts).length === 0) remembered.remove(key(project));
  else remembered.set(key(project), JSON.stringify(drafts));
}

export function findDrafts(project: string): Drafts {
  try {
    const found: unknown = JSON.parse(remembered.get(key(project)) ?? '{}');
    if (typeof found !== 'object' || found === null) return {};
    return Object.fromEntries(Object.entries(found).filter(([, draft]) => typeof (draft as Draft | null)?.text === 'string'));
  } catch {
    return {};
  }
}
