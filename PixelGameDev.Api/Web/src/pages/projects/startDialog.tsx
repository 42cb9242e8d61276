import type { JSX } from 'preact';
import { api } from '../../api/api';
import { openDialog } from '../../frame/dialogs';
import { useLoaded } from '../../frame/dialogs/loaded';
import { Icon } from '../../frame/icons';
import { strings } from '../../language';
import { moreWords } from '../../language/moreWords';
import type { Game } from './projectsServer';

/** Asks which Python file starts a game. */
export function openStartDialog(game: Game, onChoose: (path: string) => void): void {
  openDialog({
    title: () => moreWords().projects.startTitle(game.name),
    testId: 'start-dialog',
    content: (close) => (
      <Programs
        game={game}
        onChoose={(path) => {
          close();
          onChoose(path);
        }}
      />
    ),
  });
}

function Programs({ game, onChoose }: { game: Game; onChoose(path: string): void }): JSX.Element {
  const [project] = useLoaded(() => api.project(game.id));
  const { value } = project;
  if (value.state === 'failed') return <p class="account-refusal">{value.message}</p>;
  if (value.state === 'loading') return <p class="soft">{strings.files.loading}</p>;
  const { entry, files } = value.value;
  return (
    <div class="choices">
      {files
        .filter(({ path }) => /\.pyw?$/i.test(path))
        .map(({ path }) => (
          <button key={path} type="button" class="soft-button" aria-pressed={path === entry} onClick={() => onChoose(path)}>
            {path === entry && <Icon name="flag" />}
            {path}
          </button>
        ))}
    </div>
  );
}
