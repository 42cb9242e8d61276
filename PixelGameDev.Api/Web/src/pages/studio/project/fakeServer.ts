import { ApiError } from '../../../api/apiError';
import type { Project, ProjectFile, SaveCondition, SavedFile, StoredText } from '../../../api/types';
import type { Draft, DraftStore } from './drafts';
import type { ProjectServer, TextView } from './projectPorts';

interface Trashed {
  path: string;
  text: string;
}

interface FakeProject {
  id: string;
  entry: string;
  revision: number;
  files: Map<string, { text: string; revision: number }>;
  trash: Map<string, Trashed>;
}

/**
 * Has the real server's rules for projects, in memory, for tests: revisions, conditions, the file that starts the game. Each request
 * waits for `before`, which a test uses to delay or break it. `loseAnswers` applies a change whose answer never arrives.
 */
export class FakeServer implements ProjectServer {
  readonly projects = new Map<string, FakeProject>();
  readonly requests: string[] = [];
  before: (request: string) => Promise<void> = () => Promise.resolve();
  loseAnswers = 0;

  add(id: string, files: Record<string, string>): Project {
    this.projects.set(id, {
      id,
      entry: 'main.py',
      revision: 1,
      files: new Map(Object.entries(files).map(([path, text]) => [path, { text, revision: 1 }])),
      trash: new Map(),
    });
    return this.view(id);
  }

  text(id: string, path: string): string | undefined {
    return this.projects.get(id)?.files.get(path)?.text;
  }

  /** Changes a file like another window, without condition or delay. */
  putElsewhere(id: string, path: string, text: string): void {
    const project = this.projects.get(id)!;
    project.files.set(path, { text, revision: ++project.revision });
  }

  deleteElsewhere(id: string, path: string): void {
    const project = this.projects.get(id)!;
    project.revision += 1;
    project.files.delete(path);
  }

  async project(id: string): Promise<Project> {
    await this.before(`GET ${id}`);
    return this.view(id);
  }

  async patchProject(id: string, { entry }: { entry: string }): Promise<void> {
    await this.start(`PATCH ${id} ${entry}`);
    this.found(id).entry = entry;
  }

  async readStored(id: string, path: string): Promise<StoredText> {
    await this.before(`GET ${id}/${path}`);
    return { ...this.file(id, path) };
  }

  async writeFile(
    id: string,
    path: string,
    content: string | ArrayBuffer,
    condition: SaveCondition,
    keepReplaced = false,
  ): Promise<SavedFile> {
    await this.start(`PUT ${id}/${path}`);
    const project = this.found(id);
    const text = typeof content === 'string' ? content : new TextDecoder().decode(content);
    const current = project.files.get(path);
    // Saving the current text always succeeds, so that a save can be repeated.
    if (current?.text !== text) {
      if (condition === 'new' ? current !== undefined : current?.revision !== condition) throw new ApiError(412, 'Changed somewhere else');
      const replaced = keepReplaced && current !== undefined ? this.discard(project, path, current.text) : null;
      project.files.set(path, { text, revision: ++project.revision });
      return this.answer({ ...this.saved(project, path), replaced });
    }
    return this.answer(this.saved(project, path));
  }

  async writeFiles(id: string, files: readonly { path: string; content: ArrayBuffer }[]): Promise<SavedFile[]> {
    await this.start(`POST ${id}`);
    const project = this.found(id);
    const refused = files.filter(({ path }) => project.files.has(path)).map(({ path }) => ({ path, message: 'That name is taken' }));
    if (refused.length > 0) throw new ApiError(422, 'Some files cannot be added', 'files_refused', refused);
    project.revision += 1;
    for (const { path, content } of files) project.files.set(path, { text: new TextDecoder().decode(content), revision: project.revision });
    return this.answer(files.map(({ path }) => this.saved(project, path)));
  }

  async renameFile(id: string, path: string, to: string, revision: number): Promise<ProjectFile> {
    await this.start(`RENAME ${id}/${path} ${to}`);
    const project = this.found(id);
    const file = this.file(id, path);
    if (file.revision !== revision) throw new ApiError(412, 'Changed somewhere else');
    if (project.files.has(to)) throw new ApiError(409, 'That name is taken');
    project.files.delete(path);
    project.files.set(to, { text: file.text, revision: ++project.revision });
    if (project.entry === path) project.entry = to;
    return this.answer(this.saved(project, to));
  }

  async deleteFile(id: string, path: string, revision: number): Promise<string> {
    await this.start(`DELETE ${id}/${path}`);
    const project = this.found(id);
    if (this.file(id, path).revision !== revision) throw new ApiError(412, 'Changed somewhere else');
    if (project.entry === path) throw new ApiError(409, 'This file starts the game');
    const trashed = this.discard(project, path, this.file(id, path).text);
    project.revision += 1;
    project.files.delete(path);
    return this.answer(trashed);
  }

  async restoreFile(id: string, file: string, path: string, replace: boolean): Promise<ProjectFile> {
    await this.start(`RESTORE ${id}/${path}`);
    const project = this.found(id);
    const trashed = project.trash.get(file);
    if (trashed === undefined) throw new ApiError(404, 'No such file');
    const current = project.files.get(path);
    if (current !== undefined && !replace) throw new ApiError(409, 'That name is taken');
    if (current !== undefined) this.discard(project, path, current.text);
    project.trash.delete(file);
    project.files.set(path, { text: trashed.text, revision: ++project.revision });
    return this.answer(this.saved(project, path));
  }

  private discard(project: FakeProject, path: string, text: string): string {
    const id = `trash-${project.trash.size + project.revision * 1000}`;
    project.trash.set(id, { path, text });
    return id;
  }

  private async start(request: string): Promise<void> {
    this.requests.push(request);
    await this.before(request);
  }

  private answer<T>(value: T): T {
    if (this.loseAnswers === 0) return value;
    this.loseAnswers -= 1;
    throw new ApiError(0, 'No answer');
  }

  private found(id: string): FakeProject {
    const project = this.projects.get(id);
    if (project === undefined) throw new ApiError(404, 'No such project');
    return project;
  }

  private file(id: string, path: string): { text: string; revision: number } {
    const file = this.found(id).files.get(path);
    if (file === undefined) throw new ApiError(404, 'No such file');
    return file;
  }

  private saved(project: FakeProject, path: string): ProjectFile {
    const { text, revision } = project.files.get(path)!;
    return { path, size: text.length, binary: text.includes('\0'), revision };
  }

  private view(id: string): Project {
    const project = this.found(id);
    return {
      id,
      name: id,
      updatedAt: '2026-01-01T00:00:00Z',
      entry: project.entry,
      revision: project.revision,
      files: [...project.files.keys()].map((path) => this.saved(project, path)),
    };
  }
}

/** Acts as an editor without a screen: texts, and what undo would restore. */
export class FakeEditor implements TextView {
  readonly texts = new Map<string, string>();
  readonly undo = new Map<string, string[]>();
  locks = 0;

  lock(): () => void {
    this.locks += 1;
    return () => (this.locks -= 1);
  }

  has(path: string): boolean {
    return this.texts.has(path);
  }

  text(path: string): string | undefined {
    return this.texts.get(path);
  }

  prepare(path: string, text: string): void {
    this.texts.set(path, text);
  }

  replaceWithUndo(path: string, text: string): void {
    const old = this.texts.get(path);
    if (old === undefined || old === text) return;
    this.undo.set(path, [...(this.undo.get(path) ?? []), old]);
    this.texts.set(path, text);
  }

  rename(from: string, to: string): void {
    const text = this.texts.get(from);
    if (text === undefined) return;
    this.texts.set(to, text);
    this.undo.set(to, this.undo.get(from) ?? []);
    this.close(from);
  }

  close(path: string): void {
    this.texts.delete(path);
    this.undo.delete(path);
  }
}

/** Acts as a browser's storage that several windows share; `full` refuses, `local` is what a page writes in its last moment. */
export class MemoryDrafts implements DraftStore {
  readonly kept = new Map<string, Draft>();
  readonly local = new Map<string, Draft>();
  full = false;

  put(draft: Draft): Promise<void> {
    if (this.full) return Promise.reject(new Error('full'));
    this.kept.set(this.key(draft), draft);
    return Promise.resolve();
  }

  putNow(drafts: Draft[]): void {
    for (const draft of drafts) this.local.set(this.key(draft), draft);
  }

  remove(draft: Draft, own: boolean): Promise<void> {
    for (const place of [this.kept, this.local]) {
      const found = place.get(this.key(draft));
      if (found !== undefined && (own || found.at <= draft.at)) place.delete(this.key(draft));
    }
    return Promise.resolve();
  }

  of(project: string): Promise<Draft[]> {
    return Promise.resolve(
      [...this.local.values(), ...this.kept.values()].filter((draft) => draft.project === project).sort((a, b) => b.at - a.at),
    );
  }

  private key(draft: Draft): string {
    return `${draft.project}/${draft.window}/${draft.path}`;
  }
}
