import { messageOf } from '../../frame/attempt';
import { toast } from '../../frame/toasts';
import { strings } from '../../language';
import { moreWords } from '../../language/moreWords';
import type { LocalGames } from '../studio/project/droppedFiles';
import { cutName, type Game, type LeftOut, projectsServer } from './projectsServer';

/** Largest zip, bytes, as the server has it. */
const largestZip = 22_000_000;

export interface ImportedGame extends Pick<Game, 'id' | 'name'> {
  /** The files that were not taken, each with the reason. */
  leftOut: readonly LeftOut[];
}

interface Packed {
  zip: Blob;
  leftOut: readonly LeftOut[];
}

/** Counts the games, so that each has a message of its own. */
let games = 0;

/** Makes the games, one after the other. Says of each whether it is there, and returns those that are. */
export async function importGames(local: LocalGames): Promise<ImportedGame[]> {
  const imported: ImportedGame[] = [];
  for (const zip of local.zips) {
    const game = await importGame(zip.name.replace(/\.zip$/i, ''), () => Promise.resolve({ zip, leftOut: [] }));
    if (game !== undefined) imported.push(game);
  }
  for (const { name, files } of local.games) {
    const { nameOf, packGame } = await import('./packGame');
    const game = await importGame(name ?? nameOf(files) ?? moreWords().projects.unnamed, () => packGame(files));
    if (game !== undefined) imported.push(game);
  }
  return imported;
}

async function importGame(name: string, pack: () => Promise<Packed>): Promise<ImportedGame | undefined> {
  const words = moreWords().projects;
  const title = cutName(name.trim());
  const key = `import-${++games}`;
  toast(words.importing(title), { key, time: 60_000 });
  try {
    const { zip, leftOut } = await pack();
    // The server would close the connection in the middle of it.
    if (zip.size > largestZip) throw new Error(strings.statuses.tooLarge);
    const answer = await projectsServer.importZip(title, zip);
    toast(words.imported(answer.project.name), { kind: 'good', key });
    return { id: answer.project.id, name: answer.project.name, leftOut: [...leftOut, ...answer.leftOut] };
  } catch (error) {
    toast(words.notImported(title, messageOf(error)), { kind: 'bad', key, time: 10_000 });
    return undefined;
  }
}
