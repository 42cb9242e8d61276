import type { LocalFile } from './uploads';

/** What no game needs: leftovers of systems, editors and Python. */
const leftovers = /^(\.git|\.svn|\.idea|\.vscode|\.venv|venv|__pycache__|__MACOSX|node_modules|\.DS_Store|Thumbs\.db|desktop\.ini)$|\.pyc$/;
/** Most files that are read; the server takes 1,000. */
const mostFiles = 2000;

/** What becomes games of their own. */
export interface LocalGames {
  readonly zips: readonly File[];
  /** Games that are not packed. The name is that of their folder; undefined: they have none. */
  readonly games: readonly { readonly name: string | undefined; readonly files: readonly LocalFile[] }[];
}

/**
 * Returns what was dropped, with the files of dropped folders. A single folder is a game: its files get the paths that they have in it,
 * `images/hero.png`. Call it in the event itself; the browser forgets the entries afterwards.
 */
export function droppedFiles(data: Pick<DataTransfer, 'items' | 'files'>): Promise<LocalFile[]> {
  const entries = entriesOf(data);
  if (!entries.some((entry) => entry.isDirectory)) return Promise.resolve([...data.files]);
  return filesOf(entries);
}

/**
 * Returns the games that were dropped: each zip, and each folder. If single files lie beside the folders, all of them are one game, as its
 * folder would be. Call it in the event itself.
 */
export async function droppedGames(data: Pick<DataTransfer, 'items' | 'files'>): Promise<LocalGames> {
  const entries = entriesOf(data);
  const folders = entries.filter((entry) => entry.isDirectory);
  if (folders.length === 0) return gamesOf([...data.files]);
  const zips = await Promise.all(entries.filter(isZip).map(fileOf));
  if (entries.some((entry) => entry.isFile && !isZip(entry))) {
    return { zips, games: [{ name: undefined, files: await filesOf(entries.filter((entry) => !isZip(entry))) }] };
  }
  const games = [];
  for (const folder of folders) games.push({ name: folder.name, files: await filesOf([folder]) });
  return { zips, games };
}

/** Returns the games in files that were chosen together: each zip, and the others as one game. */
export function gamesOf(files: readonly File[]): LocalGames {
  const others = files.filter((file) => !/\.zip$/i.test(file.name));
  const zips = files.filter((file) => !others.includes(file));
  return { zips, games: others.length === 0 ? [] : [{ name: undefined, files: others }] };
}

/** Returns the game in a folder that was chosen. */
export function chosenGame(files: readonly File[]): LocalGames {
  // Sample: My game/images/hero.png
  return { zips: [], games: [{ name: files[0]?.webkitRelativePath.split('/')[0], files: chosenFolder(files) }] };
}

/** Returns the files of a folder that was chosen, with the paths that they have in it. */
export function chosenFolder(files: Iterable<File>): LocalFile[] {
  const chosen: LocalFile[] = [];
  for (const file of files) {
    // Sample: My game/images/hero.png
    const parts = file.webkitRelativePath.split('/').slice(1);
    if (chosen.length >= mostFiles || parts.some((part) => leftovers.test(part))) continue;
    chosen.push({ name: parts.join('/'), size: file.size, arrayBuffer: () => file.arrayBuffer() });
  }
  return chosen;
}

async function filesOf(entries: readonly FileSystemEntry[]): Promise<LocalFile[]> {
  const files: LocalFile[] = [];
  const single = entries.length === 1;
  for (const entry of entries) {
    // A zip beside a folder becomes a game of its own, as one that is dropped alone.
    if (isZip(entry)) files.push(await fileOf(entry));
    else await collect(entry, single && entry.isDirectory ? '' : entry.name, files);
  }
  return files;
}

function entriesOf(data: Pick<DataTransfer, 'items'>): FileSystemEntry[] {
  return [...(data.items ?? [])].map((item) => item.webkitGetAsEntry?.()).filter((entry) => entry != null);
}

function isZip(entry: FileSystemEntry): boolean {
  return entry.isFile && /\.zip$/i.test(entry.name);
}

function fileOf(entry: FileSystemEntry): Promise<File> {
  return new Promise((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
}

async function collect(entry: FileSystemEntry, path: string, files: LocalFile[]): Promise<void> {
  if (files.length >= mostFiles || (path !== '' && leftovers.test(entry.name))) return;
  if (entry.isFile) {
    const file = await fileOf(entry);
    files.push({ name: path, size: file.size, arrayBuffer: () => file.arrayBuffer() });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    // The browser gives at most a hundred at a time, and none at the end.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return;
    for (const child of some.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      await collect(child, path === '' ? child.name : `${path}/${child.name}`, files);
    }
  }
}
