import type { Project, ProjectFile, SaveCondition, SavedFile, StoredText } from '../../../api/types';
import type { SaveConflict } from './guardedSave';
import type { SaveState } from './saver';

/** The requests that an open project makes. */
export interface ProjectServer {
  project(id: string): Promise<Project>;
  readStored(project: string, path: string): Promise<StoredText>;
  writeFile(
    project: string,
    path: string,
    content: string | ArrayBuffer,
    condition: SaveCondition,
    keepReplaced?: boolean,
  ): Promise<SavedFile>;
  renameFile(project: string, path: string, to: string, revision: number): Promise<ProjectFile>;
  /** Returns the file's id in the trash. */
  deleteFile(project: string, path: string, revision: number): Promise<string | undefined>;
  restoreFile(project: string, file: string, path: string, replace: boolean): Promise<ProjectFile>;
}

/** What stood in a file before another one took its place: its text if it was shown as text, and its id in the trash. */
export interface Replaced {
  text?: string;
  trashed?: string;
}

/** The texts of the project as somebody edits them. Changes made through this interface are no edits: they do not come back as one. */
export interface TextView {
  has(path: string): boolean;
  /** The text as it is now, or undefined when it is not loaded. */
  text(path: string): string | undefined;
  /** Keeps a text ready that has not been shown yet. */
  prepare(path: string, text: string): void;
  /** Puts another text in place of the old one; one undo brings the old one back. */
  replaceWithUndo(path: string, text: string): void;
  rename(from: string, to: string): void;
  close(path: string): void;
  /** Takes no keys until the returned function is called. */
  lock(): () => void;
}

export interface OpenProjectEvents {
  onSaveState(state: SaveState, error?: unknown): void;
  onConflict(conflict: SaveConflict): void;
  /** The file was stored: a question about it has been settled. */
  onStored(path: string): void;
  /** Files came, went or have other names. */
  onFilesChanged(): void;
  /** Another window has deleted or renamed a file that is shown here. */
  onGone(path: string): void;
}
