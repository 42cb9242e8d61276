import { isMissing } from '../../../api/apiError';
import type { ProjectFile, StoredText } from '../../../api/types';
import type { ProjectFiles } from './projectFiles';
import type { OpenProjectEvents, ProjectServer, TextView } from './projectPorts';
import type { Saver } from './saver';

/** Reads a stored text; undefined if the file no longer exists. */
export async function readText(server: ProjectServer, project: string, path: string): Promise<StoredText | undefined> {
  try {
    return await server.readStored(project, path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Shows what other windows have changed. A file with unsaved text stays as it is: its save merges the texts or asks. */
export async function catchUp(
  server: ProjectServer,
  files: ProjectFiles,
  view: TextView,
  saver: Saver,
  events: OpenProjectEvents,
): Promise<void> {
  const { changes, project } = files;
  const now = await server.project(project.id);
  if (files.closed || changes !== files.changes) return;
  for (const file of now.files) {
    const known = files.find(file.path);
    if (known === undefined) project.files.push(file);
    else if (file.revision > known.revision) await takeOver(known, file);
    if (files.closed) return;
  }
  // If a file came or went here during the request, the list is out of date.
  if (changes !== files.changes) return;
  for (const { path } of [...project.files]) {
    if (now.files.some((file) => file.path === path) || saver.unsaved(path) !== undefined) continue;
    const shown = view.has(path);
    saver.forget(path);
    view.close(path);
    files.drop(path);
    if (shown) events.onGone(path);
  }
  project.entry = now.entry;
  events.onFilesChanged();

  async function takeOver(known: ProjectFile, newer: ProjectFile): Promise<void> {
    const { path } = known;
    if (view.has(path) && !newer.binary) {
      const stored = await readText(server, project.id, path);
      if (files.closed || stored === undefined || saver.unsaved(path) !== undefined) return;
      view.replaceWithUndo(path, stored.text);
      known.revision = stored.revision;
      files.remember(path, stored);
    } else if (saver.unsaved(path) === undefined) {
      known.revision = newer.revision;
    }
    known.size = newer.size;
    known.binary = newer.binary;
  }
}
