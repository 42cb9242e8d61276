import { openDialog } from '../../frame/dialogs';
import { language } from '../../language';
import { loadErrorWords } from '../../language/errorWords';
import { moreWords } from '../../language/moreWords';
import { sentenceOf } from '../../language/problems';
import type { ImportedGame } from './importZips';
import type { LeftOut } from './projectsServer';

/** Says which files of a zip could not be taken, each with the reason. `isOpen`: the game of the zip is shown already. */
export async function openLeftOutDialog({ id, name }: ImportedGame, leftOut: readonly LeftOut[], isOpen = false): Promise<void> {
  // Without them the server's own sentences are shown.
  await loadErrorWords(language()).catch(() => undefined);
  openDialog({
    title: () => moreWords().projects.leftOutTitle,
    testId: 'left-out-dialog',
    content: () => (
      <>
        <p>{moreWords().projects.leftOutHint(name)}</p>
        <ul class="refused-files">
          {leftOut.map(({ path, code, detail, parameters }) => (
            <li key={path}>
              <strong>{path}</strong>
              {`: ${sentenceOf(code, parameters) ?? detail}`}
            </li>
          ))}
        </ul>
        {!isOpen && (
          <div class="row">
            <a class="run-button" href={`/projects/${id}`}>
              {moreWords().projects.openImported}
            </a>
          </div>
        )}
      </>
    ),
  });
}
