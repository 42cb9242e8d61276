import type { JSX } from 'preact';
import { openDialog } from '../../frame/dialogs';
import { language, strings } from '../../language';
import { loadErrorWords } from '../../language/errorWords';
import { moreWords } from '../../language/moreWords';
import { sentenceOf } from '../../language/problems';
import type { ImportedGame } from './importGames';

/** Most shown files of a report. */
const maxShown = 50;

/**
 * Says which files of a game could not be taken, each with the reason, and waits until the person closes that. Shows nothing if all were
 * taken. `isOpen`: the game is shown already.
 */
export async function openLeftOutDialog(game: ImportedGame, isOpen = false): Promise<void> {
  if (game.leftOut.length === 0) return;
  // Without them the server's own sentences are shown.
  await loadErrorWords(language()).catch(() => undefined);
  await new Promise<void>((resolve) =>
    openDialog({
      title: () => moreWords().projects.leftOutTitle,
      testId: 'left-out-dialog',
      content: () => <Report game={game} isOpen={isOpen} />,
      onClose: resolve,
    }),
  );
}

function Report({ game: { id, name, leftOut }, isOpen }: { game: ImportedGame; isOpen: boolean }): JSX.Element {
  return (
    <>
      <p>{moreWords().projects.leftOutHint(name)}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached with the keyboard, too. */}
      <ul class="refused-files" tabIndex={0}>
        {leftOut.slice(0, maxShown).map(({ path, code, detail, parameters }) => (
          <li key={path}>
            <strong>{path}</strong>
            {`: ${sentenceOf(code, parameters) ?? detail}`}
          </li>
        ))}
      </ul>
      {leftOut.length > maxShown && <p>{strings.refused.more(leftOut.length - maxShown)}</p>}
      {!isOpen && (
        <div class="row">
          <a class="run-button" href={`/projects/${id}`}>
            {moreWords().projects.openImported}
          </a>
        </div>
      )}
    </>
  );
}
