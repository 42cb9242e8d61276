import { strings } from '../../../language';
import { FileExists } from './fileExists';
import { cleanFileName, freeName, kindOf } from './fileKinds';
import type { OpenProject } from './openProject';
import type { Replaced } from './projectPorts';

/** Most bytes of one file that the server accepts. */
const maxFileBytes = 5_000_000;

export type ExistingChoice = 'replace' | 'both' | 'cancel';

export interface ExistingAnswer {
  choice: ExistingChoice;
  /** True if the answer also applies to the other files of the same upload whose names are taken. */
  forAll: boolean;
}

export interface UploadEvents {
  /** Asks what happens to a file whose name is taken; `others` is the number of further taken names in this upload. */
  ask(path: string, freeName: string, others: number): Promise<ExistingAnswer>;
  onStart(path: string): void;
  onFailed(message: string): void;
}

export interface StoredUpload {
  path: string;
  /** The earlier content. */
  replaced?: Replaced;
}

/** What an upload needs from a file of the person's disk. */
export interface LocalFile {
  readonly name: string;
  readonly size: number;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** Stores pictures, sounds and code from the person's disk, one after the other. Nothing is replaced without a question. */
export async function storeUploads(project: OpenProject, files: readonly LocalFile[], events: UploadEvents): Promise<StoredUpload[]> {
  const stored: StoredUpload[] = [];
  let forAll: ExistingChoice | undefined;
  const wanted = files.map((file) => ({ file, path: cleanFileName(file.name) })).filter(({ path }) => path !== '');
  for (const [at, { file, path }] of wanted.entries()) {
    if (file.size > maxFileBytes) {
      events.onFailed(strings.files.tooBig(file.name));
      continue;
    }
    const choose = async (): Promise<ExistingChoice> => {
      if (forAll !== undefined) return forAll;
      const others = wanted.slice(at + 1).filter((other) => project.has(other.path)).length;
      const answer = await events.ask(path, freeName(project, path), others);
      if (answer.forAll) forAll = answer.choice;
      return answer.choice;
    };
    try {
      const content = await file.arrayBuffer().catch(() => {
        throw new Error(strings.files.unreadable(file.name));
      });
      const done = await store(project, path, content, choose, () => events.onStart(path));
      if (done !== undefined) stored.push(done);
    } catch (error) {
      events.onFailed(error instanceof Error ? error.message : String(error));
    }
  }
  return stored;
}

async function store(
  project: OpenProject,
  path: string,
  content: ArrayBuffer,
  choose: () => Promise<ExistingChoice>,
  onStart: () => void,
): Promise<StoredUpload | undefined> {
  let target = path;
  let choice: ExistingChoice | undefined;
  for (;;) {
    if (project.has(target)) {
      choice ??= await choose();
      if (choice === 'cancel') return undefined;
      onStart();
      if (choice === 'replace') {
        return { path: target, replaced: await project.replace(target, content, textOf(target, content)) };
      }
      target = freeName(project, path);
    }
    onStart();
    try {
      return { path: await project.create(target, content) };
    } catch (error) {
      // Another window was faster; the list has its file now.
      if (!(error instanceof FileExists) || !project.has(target)) throw error;
    }
  }
}

/** Returns the text of a file that is shown as text, or undefined. */
function textOf(path: string, content: ArrayBuffer): string | undefined {
  const kind = kindOf(path);
  if (kind === 'image' || kind === 'sound') return undefined;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(content);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}

/** Restores what an upload has replaced; the new file is one undo away, or in the trash. */
export async function undoReplacement(project: OpenProject, { path, replaced }: StoredUpload): Promise<void> {
  if (replaced?.text !== undefined && project.bringBackText(path, replaced.text)) return;
  if (replaced?.trashed !== undefined) await project.restore(replaced.trashed, path, true);
}
