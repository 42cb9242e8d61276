import { language } from '../../../language';
import { loadMoreWords } from '../../../language/moreWords';
import { importGames } from '../../projects/importGames';
import { openLeftOutDialog } from '../../projects/leftOutDialog';

/** Makes a game from each zip that was dropped or chosen in the studio, and opens the last one: the open game stays as it is. */
export async function addZips(zips: readonly File[], openProject: (id: string) => void): Promise<void> {
  await loadMoreWords(language());
  const games = await importGames({ zips, games: [] });
  const last = games.at(-1);
  if (last === undefined) return;
  openProject(last.id);
  for (const game of games) await openLeftOutDialog(game, game === last);
}
