import { batch, computed, signal } from '@preact/signals';
import { api } from '../../api/api';
import { ApiError, isMissing, isTransient } from '../../api/apiError';
import type { Project, ProjectFile } from '../../api/types';
import { attempt, messageOf } from '../../frame/attempt';
import { toast } from '../../frame/toasts';
import { strings } from '../../language';
import type { Editor } from './editor/editor';
import type { ErrorMark } from './editor/errorMark';
import { OpenTabs } from './files/openTabs';
import { Conflicts } from './project/conflicts';
import { DraftDesk } from './project/draftDesk';
import { kindOf } from './project/fileKinds';
import { SaveConflict } from './project/guardedSave';
import { OpenProject } from './project/openProject';
import { Saver, type SaveState } from './project/saver';

export interface WorkspaceEvents {
  /** `reason` is a sentence that says why something is not saved. */
  onSaveState(state: SaveState, reason?: string): void;
}

/**
 * Holds the parts for working on a project: its files, the editor, and the drafts, so that no typed text is lost. Knows nothing of playing.
 */
export class Workspace {
  /** The project's files in the order of the list. */
  readonly files = signal<readonly ProjectFile[]>([]);
  /** Id of the open project. */
  readonly projectId = signal<string | undefined>(undefined);
  readonly entry = signal('');
  /** Path of the visible file. */
  readonly openPath = signal<string | undefined>(undefined);
  /** A file that is shown or played instead of edited. */
  readonly preview = signal<{ path: string; url: string } | undefined>(undefined);
  readonly showsPreview = computed(() => this.preview.value !== undefined);
  readonly errorIn = signal<string | undefined>(undefined);
  /** The reason why there is no editor. */
  readonly loadError = signal<string | undefined>(undefined);
  readonly tabs = new OpenTabs(this);
  readonly conflicts = new Conflicts();
  readonly drafts = new DraftDesk(async (opened, path) => {
    if (opened === this.opened) await this.open(path);
  });
  /** Used until a project is open; nothing can be typed before that. */
  private readonly idle = new Saver({ put: () => Promise.resolve(), isTransient: () => false, onState: () => undefined });
  private editorOrNone: Editor | undefined;
  private opening = 0;
  private mark: { file: string; mark: ErrorMark } | undefined;
  opened: OpenProject | undefined;

  constructor(private readonly events: WorkspaceEvents) {}

  /** The open project; undefined until the first one is shown. */
  get project(): Project | undefined {
    return this.opened?.project;
  }

  /** Autosave of the open project. */
  get saver(): Saver {
    return this.opened?.saver ?? this.idle;
  }

  get paths(): string[] {
    return this.files.value.map(({ path }) => path);
  }

  /** True if the person is writing code. */
  get typing(): boolean {
    return this.editorOrNone?.focused ?? false;
  }

  private get editor(): Editor {
    return this.editorOrNone!;
  }

  /** Attaches the editor, whose code arrives after the page. No project can be shown before. */
  attachEditor(editor: Editor): void {
    this.editorOrNone = editor;
  }

  focus(): void {
    this.editorOrNone?.focus();
  }

  /** Measures the editor after a change of its size or visibility. */
  measure(): void {
    this.editorOrNone?.measure();
  }

  /** The text of the file that starts the game, if it has been opened. */
  get entryText(): string {
    return this.project === undefined ? '' : (this.editorOrNone?.text(this.project.entry) ?? '');
  }

  /** Returns whether the project has that file. */
  has(path: string): boolean {
    return this.opened?.has(path) ?? false;
  }

  /** Closes the project: drops its unsaved text, and shows nothing of it any more. */
  abandon(): void {
    this.opened?.close();
    this.opened = undefined;
    this.drafts.close();
    this.conflicts.clear();
    this.editor.clear();
    this.setMark(undefined);
    batch(() => {
      this.openPath.value = undefined;
      this.files.value = [];
      this.entry.value = '';
    });
  }

  /** Takes no keys in the code while `action` runs: text typed between two projects would belong to neither. */
  async whileLocked(action: () => Promise<void>): Promise<void> {
    const unlock = this.editorOrNone?.lock();
    try {
      await action();
    } finally {
      unlock?.();
    }
  }

  /**
   * Stores typed text before another project opens. Text that the server refuses stays in this browser and returns with the
   * project. Rejects if something can only be saved later.
   */
  async leave(): Promise<void> {
    try {
      await this.saver.flush();
      await this.drafts.sync();
    } catch (error) {
      await this.drafts.sync();
      if (!this.drafts.complete || (!(error instanceof SaveConflict) && isTransient(error))) throw error;
      toast(strings.saved.keptHere, { time: 8000 });
    }
  }

  /** Shows another project, with its first file. Text typed in the previous one must be stored by now. */
  async show(project: Project): Promise<void> {
    this.abandon();
    const opened = new OpenProject(project, api, this.editor, {
      onSaveState: (state, error) => this.onSaveState(state, error),
      onConflict: (conflict) => this.conflicts.add(conflict),
      onStored: (path) => this.conflicts.settle(path),
      onMerged: (path) => toast(strings.conflict.merged(path), { kind: 'good', key: 'save', time: 8000 }),
      onFilesChanged: () => this.showFiles(),
      onGone: (path) => {
        toast(strings.files.goneElsewhere(path), { key: `gone-${path}`, time: 8000 });
        if (this.openPath.value === path) void attempt(this.open(project.entry));
      },
    });
    this.opened = opened;
    this.projectId.value = opened.id;
    this.drafts.open(opened);
    this.showFiles();
    await this.whileLocked(async () => {
      const restoring = this.drafts.restore();
      try {
        const first = opened.find(project.entry) ?? project.files[0];
        if (first !== undefined) await this.open(first.path);
      } finally {
        await restoring;
      }
    });
  }

  /** Keeps unsaved text in this browser, at once. */
  keepDrafts(): void {
    this.drafts.keepNow();
  }

  /**
   * Shows what other windows have saved, after a return to this window. A file with unsaved text stays. Rejects with the
   * server's answer if the project no longer exists.
   */
  async catchUp(): Promise<void> {
    await this.opened?.refresh();
  }

  /** Takes a text typed in a file. */
  edit(path: string, text: string): void {
    this.opened?.edit(path, text);
    this.drafts.touch();
    if (this.mark?.file === path) this.setMark(undefined);
  }

  /** Shows a file. Of several requests, the last one is shown. */
  async open(path: string): Promise<void> {
    const { opened } = this;
    if (opened === undefined) return;
    const { project } = opened;
    const turn = ++this.opening;
    if (this.isShownAsCode(path)) {
      const text = this.editor.has(path) ? '' : await opened.load(path);
      if (turn !== this.opening || opened !== this.opened) return;
      this.preview.value = undefined;
      this.editor.show(path, text);
      if (this.mark?.file === path) this.editor.mark(path, this.mark.mark);
    } else {
      const file = project.files.find((other) => other.path === path);
      this.preview.value = { path, url: `${api.fileUrl(project.id, path)}?v=${file?.revision ?? 0}-${turn}` };
    }
    this.openPath.value = path;
  }

  isShownAsCode(path: string): boolean {
    const kind = kindOf(path);
    const file = this.project?.files.find((other) => other.path === path);
    return kind === 'python' || kind === 'text' || (kind === 'other' && file?.binary === false);
  }

  /** Shows a place in a file, if the project has the file. */
  async jump(file: string, line: number, column?: number): Promise<void> {
    if (!this.has(file)) return;
    if (this.openPath.value !== file) await this.open(file);
    this.editor.goTo(line, column);
  }

  /** Marks the line where the game broke, in the file and in the list; undefined: none. */
  setMark(mark: { file: string; mark: ErrorMark } | undefined): void {
    this.mark = mark;
    this.errorIn.value = mark?.file;
    this.editor.clearMarks();
    if (mark !== undefined) this.editor.mark(mark.file, mark.mark);
  }

  /** Takes the person's choice between two windows' texts; the other text is one undo away. */
  resolveConflict(conflict: SaveConflict, keepMine: boolean): void {
    const { opened } = this;
    this.conflicts.settle(conflict.path);
    if (opened === undefined) return;
    const { path } = conflict;
    const mine = opened.saver.unsaved(path) ?? conflict.mine;
    opened.resolve(conflict, keepMine);
    toast(keepMine ? strings.conflict.keptMine : strings.conflict.tookTheirs, {
      kind: 'good',
      key: 'save',
      action: { label: strings.files.undo, run: () => opened.bringBackText(path, keepMine ? conflict.theirs.text : mine) },
    });
  }

  private showFiles(): void {
    const { project } = this;
    if (project === undefined) return;
    const { entry } = project;
    // The game's entry first, then code, then everything else.
    const rank = ({ path }: ProjectFile): number => (path === entry ? 0 : kindOf(path) === 'python' ? 1 : 2);
    batch(() => {
      this.entry.value = entry;
      this.files.value = [...project.files].sort((a, b) => rank(a) - rank(b) || a.path.localeCompare(b.path));
    });
  }

  private onSaveState(state: SaveState, error: unknown): void {
    this.events.onSaveState(state, error === undefined ? undefined : messageOf(error));
    // Kept while the server does not have the text, and removed when it does.
    if (state !== 'saving') void this.drafts.sync();
    if (state === 'retrying') {
      const unreachable = !(error instanceof ApiError) || error.status === 0;
      toast(unreachable ? strings.saved.retryingNow : strings.saved.retryingLater(messageOf(error)), { key: 'save' });
    }
    if (state !== 'refused' || error === undefined || error instanceof SaveConflict) return;
    if (isMissing(error)) this.offerProject();
    else toast(strings.saved.refusedKept(messageOf(error)), { kind: 'bad', key: 'save', time: 10_000 });
  }

  /** Offers to restore a project that was deleted while it was open here. Then all typed text is saved. */
  offerProject(): void {
    const { opened } = this;
    if (opened === undefined) return;
    const bringBack = async (): Promise<void> => {
      await api.restoreProject(opened.id);
      opened.saver.retryNow();
    };
    toast(strings.saved.gameGone, {
      kind: 'bad',
      key: 'save',
      time: 15_000,
      action: { label: strings.saved.bringGameBack, run: () => void attempt(bringBack()) },
    });
  }
}
