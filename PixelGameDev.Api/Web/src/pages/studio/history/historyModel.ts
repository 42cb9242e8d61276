import { toast } from '../../../frame/toasts';
import { moreWords } from '../../../language/moreWords';
import type { OpenProject } from '../project/openProject';
import type { Workspace } from '../workspace';
import { historyServer } from './historyServer';

/** Brings earlier states of the open project back into the studio, so that nothing typed is lost. */
export class HistoryModel {
  constructor(
    private readonly workspace: Workspace,
    readonly opened: OpenProject,
  ) {}

  /**
   * Restores a revision, or one of its files. What is typed is stored first, so the state before has it; the message offers to take the
   * restore back. Rejects, and restores nothing, if typed text cannot be stored now.
   */
  async restore(number: number, path?: string): Promise<void> {
    const { workspace, opened } = this;
    const words = moreWords().history;
    const before = await this.bring(number, path);
    if (opened !== workspace.opened) return;
    toast(path === undefined ? words.done : words.doneFile(path), {
      kind: 'good',
      key: 'history',
      action: { label: words.undo, run: () => void this.takeBack(before) },
    });
  }

  private async takeBack(before: number): Promise<void> {
    try {
      await this.bring(before);
      toast(moreWords().history.done, { kind: 'good', key: 'history' });
    } catch (error) {
      toast(error instanceof Error ? error.message : String(error), { kind: 'bad', key: 'history' });
    }
  }

  private async bring(number: number, path?: string): Promise<number> {
    const { workspace, opened } = this;
    let before = number;
    // A key between the save and the restored text would meet a text that it was not typed over.
    await workspace.whileLocked(async () => {
      await opened.saver.flush();
      ({ before } = await historyServer.restore(opened.id, number, path));
      await opened.refresh(true);
      if (opened !== workspace.opened) return;
      const shown = workspace.openPath.value;
      // A picture has changed, or the file is gone.
      if (shown === undefined || !opened.has(shown)) await workspace.open(opened.project.entry);
      else if (workspace.showsPreview.value) await workspace.open(shown);
    });
    return before;
  }
}
