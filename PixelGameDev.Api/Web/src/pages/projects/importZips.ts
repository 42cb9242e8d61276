import { messageOf } from '../../frame/attempt';
import { toast } from '../../frame/toasts';
import { strings } from '../../language';
import { moreWords } from '../../language/moreWords';
import { type Game, type LeftOut, longestName, projectsServer } from './projectsServer';

/** Largest zip, bytes, as the server has it. */
const largestZip = 22_000_000;

export type ImportedGame = Pick<Game, 'id' | 'name'>;

/** Shows what was left out of a zip. */
export type LeftOutReport = (game: ImportedGame, leftOut: readonly LeftOut[]) => Promise<void>;

/** Makes a game from each zip, one after the other, and returns the games. `report` shows what was left out. */
export async function importZips(zips: readonly File[], report: LeftOutReport): Promise<ImportedGame[]> {
  const words = moreWords().projects;
  const games: ImportedGame[] = [];
  for (const zip of zips) {
    const name = zip.name
      .replace(/\.zip$/i, '')
      .trim()
      .slice(0, longestName);
    toast(words.importing(name), { key: 'import', time: 60_000 });
    if (zip.size > largestZip) {
      // The server would close the connection in the middle of it.
      toast(strings.statuses.tooLarge, { kind: 'bad', key: 'import', time: 10_000 });
      continue;
    }
    try {
      const { project, leftOut } = await projectsServer.importZip(name, zip);
      toast(words.imported(project.name), { kind: 'good', key: 'import' });
      games.push(project);
      if (leftOut.length > 0) await report(project, leftOut);
    } catch (error) {
      toast(messageOf(error), { kind: 'bad', key: 'import', time: 10_000 });
    }
  }
  return games;
}
