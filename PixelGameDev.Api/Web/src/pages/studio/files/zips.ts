import { language } from '../../../language';
import { loadMoreWords } from '../../../language/moreWords';
import { importZips, type LeftOutReport } from '../../projects/importZips';
import { openLeftOutDialog } from '../../projects/leftOutDialog';

/** Makes a game from each zip that was dropped or chosen in the studio, and opens the last one: the open game stays as it is. */
export async function addZips(zips: readonly File[], openProject: (id: string) => void): Promise<void> {
  await loadMoreWords(language());
  const reports: Parameters<LeftOutReport>[] = [];
  const last = (await importZips(zips, async (...report) => void reports.push(report))).at(-1);
  if (last === undefined) return;
  openProject(last.id);
  for (const [game, leftOut] of reports) await openLeftOutDialog(game, leftOut, game.id === last.id);
}
