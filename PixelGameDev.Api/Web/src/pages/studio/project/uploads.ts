import { ApiError, type RefusedFile } from '../../../api/apiError';
import { strings } from '../../../language';
import { type AskEncoding, textInUtf8 } from './encodings';
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
  /** Asks about a text that is not UTF-8. Returns its text; undefined: do not add the file. */
  askEncoding: AskEncoding;
  /** Tells which files cannot be added, and asks whether the others are wanted. */
  askOthers(refused: readonly RefusedFile[], others: number): Promise<boolean>;
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

interface Upload {
  path: string;
  content: ArrayBuffer;
}

/**
 * Stores pictures, sounds and code from the person's disk. Nothing is replaced without a question. Several new files arrive together, or
 * none of them with one report of those that cannot be added.
 */
export async function storeUploads(project: OpenProject, files: readonly LocalFile[], events: UploadEvents): Promise<StoredUpload[]> {
  const stored: StoredUpload[] = [];
  try {
    const read = await readAll(files, events);
    const answers = new Answers(project, read, events);
    let fresh: Upload[] = [];
    const over: Upload[] = [];
    for (const upload of read) {
      const choice = project.has(upload.path) ? await answers.choose(upload.path) : undefined;
      if (choice === 'replace') over.push(upload);
      else if (choice === 'both') fresh.push({ ...upload, path: answers.freeName(upload.path) });
      else if (choice === undefined) fresh.push(upload);
    }
    if (fresh.length > 1) {
      fresh = await withoutRefused(fresh, (uploads) => project.createAll(uploads), events);
      stored.push(...fresh.map(({ path }) => ({ path })));
    }
    for (const { path, content } of fresh.length === 1 && stored.length === 0 ? [...fresh, ...over] : over) {
      const given = over.some((upload) => upload.path === path) ? 'replace' : undefined;
      const done = await store(
        project,
        path,
        content,
        given,
        () => answers.choose(path),
        () => events.onStart(path),
      );
      if (done !== undefined) stored.push(done);
    }
  } catch (error) {
    events.onFailed(error instanceof Error ? error.message : String(error));
  }
  return stored;
}

/** Remembers an answer that the person gave for all files of the upload. */
class Answers {
  private forAll: ExistingChoice | undefined;
  private readonly given = new Set<string>();

  constructor(
    private readonly project: OpenProject,
    private readonly uploads: readonly Upload[],
    private readonly events: UploadEvents,
  ) {}

  async choose(path: string): Promise<ExistingChoice> {
    if (this.forAll !== undefined) return this.forAll;
    const after = this.uploads.slice(this.uploads.findIndex((upload) => upload.path === path) + 1);
    const others = after.filter((other) => this.project.has(other.path)).length;
    const answer = await this.events.ask(path, freeName(this.project, path), others);
    if (answer.forAll) this.forAll = answer.choice;
    return answer.choice;
  }

  freeName(path: string): string {
    const taken = (name: string): boolean =>
      this.project.has(name) || this.given.has(name) || this.uploads.some((upload) => upload.path === name);
    const name = freeName({ has: taken }, path);
    this.given.add(name);
    return name;
  }
}

/** Reads the files; those that cannot be read, or are too large, are reported together. */
async function readAll(files: readonly LocalFile[], events: UploadEvents): Promise<Upload[]> {
  const uploads: Upload[] = [];
  const refused: RefusedFile[] = [];
  for (const file of files) {
    const path = cleanFileName(file.name);
    if (path === '') continue;
    if (file.size > maxFileBytes) {
      refused.push({ path, message: strings.files.tooBig(file.name) });
      continue;
    }
    try {
      const content = await file.arrayBuffer();
      const text = await textInUtf8(path, content, events.askEncoding);
      if (text !== undefined) uploads.push({ path, content: text });
    } catch {
      refused.push({ path, message: strings.files.unreadable(file.name) });
    }
  }
  if (refused.length === 0) return uploads;
  return (await report(refused, uploads.length, files.length, events)) ? uploads : [];
}

/** Stores the files together. If the server refuses some, the person chooses whether the others are stored. Returns what was stored. */
async function withoutRefused(
  uploads: Upload[],
  create: (uploads: readonly Upload[]) => Promise<void>,
  events: UploadEvents,
): Promise<Upload[]> {
  let rest = uploads;
  while (rest.length > 0) {
    events.onStart(rest.length === 1 ? rest[0]!.path : strings.files.many(rest.length));
    try {
      await create(rest);
      return rest;
    } catch (error) {
      const refused = error instanceof ApiError ? error.refused : undefined;
      if (refused === undefined || refused.length === 0) throw error;
      const others = rest.filter(({ path }) => refused.every((one) => one.path !== path));
      if (others.length === rest.length) throw error;
      if (!(await report(refused, others.length, rest.length, events))) return [];
      rest = others;
    }
  }
  return [];
}

/** Tells what cannot be added. Returns whether the others are wanted. */
async function report(refused: readonly RefusedFile[], others: number, all: number, events: UploadEvents): Promise<boolean> {
  if (all === 1) {
    events.onFailed(refused[0]!.message);
    return false;
  }
  return (await events.askOthers(refused, others)) && others > 0;
}

async function store(
  project: OpenProject,
  path: string,
  content: ArrayBuffer,
  given: ExistingChoice | undefined,
  choose: () => Promise<ExistingChoice>,
  onStart: () => void,
): Promise<StoredUpload | undefined> {
  let target = path;
  let choice = given;
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

/** Names that games give to the file that starts them, the most usual first. */
const usualStarts = ['main.py', 'run_game.py', 'game.py', 'run.py', 'start.py'];

/** Returns the file that probably starts a game of several files; undefined if that is not clear. */
export function probableStart(paths: readonly string[]): string | undefined {
  if (paths.length < 2) return undefined;
  const usual = usualStarts.find((name) => paths.includes(name));
  const own = paths.filter((path) => /^[^/]+\.py$/.test(path));
  return usual ?? (own.length === 1 ? own[0] : undefined);
}

/** Restores what an upload has replaced; the new file is one undo away, or in the trash. */
export async function undoReplacement(project: OpenProject, { path, replaced }: StoredUpload): Promise<void> {
  if (replaced?.text !== undefined && project.bringBackText(path, replaced.text)) return;
  if (replaced?.trashed !== undefined) await project.restore(replaced.trashed, path, true);
}
