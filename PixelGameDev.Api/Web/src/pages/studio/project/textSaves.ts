import { isChangedElsewhere } from '../../../api/apiError';
import type { ProjectFile, StoredText } from '../../../api/types';
import { strings } from '../../../language';
import { GuardedSave, SaveConflict } from './guardedSave';
import type { ProjectFiles } from './projectFiles';
import type { OpenProjectEvents, ProjectServer, TextView } from './projectPorts';
import type { Saver } from './saver';

/** What storing a text needs of the open project. */
export interface TextSavePorts {
  server: ProjectServer;
  files: ProjectFiles;
  view: TextView;
  events: OpenProjectEvents;
  saver(): Saver;
  read(path: string): Promise<StoredText | undefined>;
}

/** Stores the texts of a project. What another window has stored meanwhile is put together with it, or the person is asked. */
export class TextSaves {
  /** Files whose next save replaces a text that this window did not write: that text goes into the trash. */
  readonly overwriting = new Set<string>();
  private readonly guard: GuardedSave<ProjectFile>;

  constructor(private readonly ports: TextSavePorts) {
    const { server, files, read } = ports;
    this.guard = new GuardedSave<ProjectFile>(
      {
        write: (path, text, condition) => server.writeFile(files.project.id, path, text, condition, this.overwriting.has(path)),
        read,
        isChangedElsewhere,
      },
      strings.conflict.ask,
    );
  }

  /** Stores a text. Rejects with `SaveConflict` if the person has to choose. */
  async put(path: string, text: string): Promise<void> {
    const { files, events } = this.ports;
    let saved: ProjectFile;
    try {
      saved = await this.guard.put(path, text, files.find(path)?.revision);
    } catch (error) {
      const both = error instanceof SaveConflict ? await this.putTogether(error) : undefined;
      if (both === undefined) throw error;
      await this.put(path, both);
      events.onMerged(path);
      return;
    }
    if (files.closed) return;
    this.overwriting.delete(path);
    files.note(saved);
    files.remember(path, { text, revision: saved.revision });
    events.onStored(path);
  }

  /**
   * Puts this window's text and the other's together and shows the result, which is not stored yet; one undo restores what was typed.
   * Undefined if both changed the same place, or the text that both were made from is not known.
   */
  private async putTogether({ path, theirs }: SaveConflict): Promise<string | undefined> {
    const { files, view } = this.ports;
    if (files.baseOf(path) === undefined) return undefined;
    // Without a connection the choice is still there.
    const merge = await import('./merge').catch(() => undefined);
    const saver = this.ports.saver();
    const base = files.baseOf(path);
    const mine = saver.unsaved(path);
    if (merge === undefined || base === undefined || mine === undefined || files.closed) return undefined;
    const both = merge.mergeTexts(base, mine, theirs.text);
    if (both === undefined) return undefined;
    files.find(path)!.revision = theirs.revision;
    files.remember(path, theirs);
    view.replaceWithUndo(path, both, view.text(path) === mine ? merge.editsBetween(mine, both) : undefined);
    saver.edit(path, both);
    return both;
  }
}
