import type { ProjectFile, StoredText } from '../../../api/types';
import type { Draft } from './drafts';

/** What became of drafts: `homeless` are those that have no place of their own. */
export interface TakenUp {
  taken: Draft[];
  /** The server has them. */
  needless: Draft[];
  homeless: Draft[];
}

/** What taking up drafts needs of the open project. */
export interface DraftTaker {
  find(path: string): ProjectFile | undefined;
  read(path: string): Promise<StoredText | undefined>;
  isClosed(): boolean;
  unsaved(path: string): string | undefined;
  /** Shows a draft in place of the stored text, and saves it like anything typed. */
  edit(file: ProjectFile, stored: string, draft: Draft): void;
}

/**
 * Takes up drafts (the newest first) that an earlier visit left behind: they are edited on where they belong, and saved like
 * anything typed. Returns those that have no place of their own: their file is gone, or a newer draft of it was taken up. With
 * `inUse`, somebody may be typing: then none takes the place of a text.
 */
export async function takeUpDrafts(drafts: readonly Draft[], inUse: boolean, project: DraftTaker): Promise<TakenUp> {
  const result: TakenUp = { taken: [], needless: [], homeless: [] };
  for (const draft of drafts) {
    const { path, text } = draft;
    const file = project.find(path);
    let stored: StoredText | undefined;
    // Without an answer the draft is all that is known of the text.
    if (file !== undefined) stored = await project.read(path).catch(() => ({ text, revision: -1 }));
    if (project.isClosed()) break;
    if ((stored !== undefined && stored.revision >= 0 && stored.text === text) || project.unsaved(path) === text) {
      // It had arrived, only the answer was lost.
      result.needless.push(draft);
    } else if (inUse || file === undefined || stored === undefined || project.unsaved(path) !== undefined) {
      result.homeless.push(draft);
    } else {
      project.edit(file, stored.text, draft);
      result.taken.push(draft);
    }
  }
  return result;
}
