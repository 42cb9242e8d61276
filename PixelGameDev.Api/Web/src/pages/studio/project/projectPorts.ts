import type { Project, ProjectFile, SaveCondition, SavedFile, StoredText } from '../../../api/types';
import type { SaveConflict } from './guardedSave';
import type { SaveState } from './saver';

/** The requests that an open project makes. */
export interface ProjectServer {
  project(id: string): Promise<Project>;
  patchProject(id: string, change: { entry: string }): Promise<unknown>;
  readStored(project: string, path: string): Promise<StoredText>;
  writeFile(
    project: string,
    path: string,
    content: string | ArrayBuffer,
    condition: SaveCondition,
    keepReplaced?: boolean,
  ): Promise<SavedFile>;
  writeFiles(project: string, files: readonly { path: string; content: ArrayBuffer }[]): Promise<SavedFile[]>;
  renameFile(project: string, path: string, to: string, revision: number): Promise<ProjectFile>;
  /** Returns the file's id in the trash. */
  deleteFile(project: string, path: string, revision: number): Promise<string | undefined>;
  restoreFile(project: string, file: string, path: string, replace: boolean): Promise<ProjectFile>;
}

/** The earlier content of a file that was replaced: its text if it was shown as text, and its id in the trash. */
export interface Replaced {
  text?: string;
  trashed?: string;
}

/** A change of a text: these characters become others. */
export interface TextEdit {
  from: number;
  to: number;
  insert: string;
}

/** Holds the texts of the project for editing. Changes through this interface do not count as edits. */
export interface TextView {
  has(path: string): boolean;
  /** Returns the current text, or undefined if it is not loaded. */
  text(path: string): string | undefined;
  /** Keeps a text ready that has not been shown yet. */
  prepare(path: string, text: string): void;
  /** Replaces the old text; one undo restores it. With `edits`, which lead to the same text, the cursor stays where it is. */
  replaceWithUndo(path: string, text: string, edits?: readonly TextEdit[]): void;
  rename(from: string, to: string): void;
  close(path: string): void;
  /** Takes no keys until the returned function is called. */
  lock(): () => void;
}

export interface OpenProjectEvents {
  onSaveState(state: SaveState, error?: unknown): void;
  onConflict(conflict: SaveConflict): void;
  /** Called when the file was stored; a question about it is settled. */
  onStored(path: string): void;
  /** Called when the texts of two windows were put together. */
  onMerged(path: string): void;
  /** Called when files were added, removed or renamed. */
  onFilesChanged(): void;
  /** Called when another window has deleted or renamed a file that is shown here. */
  onGone(path: string): void;
}
