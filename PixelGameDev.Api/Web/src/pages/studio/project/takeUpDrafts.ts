import type { ProjectFile, StoredText } from '../../../api/types';
import type { Draft } from './drafts';

/** What happened to drafts: `homeless` are those without a place of their own. */
export interface TakenUp {
  taken: Draft[];
  /** Drafts that the server has already. */
  needless: Draft[];
  homeless: Draft[];
}

/** The parts of the open project that are needed to take up drafts. */
export interface DraftTaker {
  find(path: string): ProjectFile | undefined;
  read(path: string): Promise<StoredText | undefined>;
  isClosed(): boolean;
  unsaved(path: string): string | undefined;
  /** Shows a draft instead of the stored text, and saves it like typed text. */
  edit(file: ProjectFile, stored: string, draft: Draft): void;
}

/**
 * Takes up drafts (the newest first) that an earlier visit left: they continue as the text of their file, and are saved like typed text.
 * Returns those without a place: their file is gone, or a newer draft of it was taken up. With `inUse` somebody may be typing, so no draft
 * replaces a text.
 */
export async function takeUpDrafts(drafts: readonly Draft[], inUse: boolean, project: DraftTaker): Promise<TakenUp> {
  const result: TakenUp = { taken: [], needless: [], homeless: [] };
  for (const draft of drafts) {
    const { path, text } = draft;
    const file = project.find(path);
    let stored: StoredText | undefined;
    // Without an answer, the draft is all that is known about the text.
    if (file !== undefined) stored = await project.read(path).catch(() => ({ text, revision: -1 }));
    if (project.isClosed()) break;
    if ((stored !== undefined && stored.revision >= 0 && stored.text === text) || project.unsaved(path) === text) {
      // The save had arrived; only its answer was lost.
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
