import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { api } from '../../api/api';
import type { ProjectSummary } from '../../api/types';
import { strings } from '../../language';
import { formatAgo } from '../../language/format';
import { openDialog } from '../dialogs';
import { IconButton } from '../iconButton';
import { Icon } from '../icons';
import { AskRemove } from './askRemove';
import { useLoaded } from './loaded';

export interface GamesActions {
  /** Returns the id of the visible game. */
  currentProject(): string | undefined;
  openProject(id: string): void;
  deleteProject(project: ProjectSummary): Promise<void>;
  newGame(): void;
}

/** Lists the person's games, to open or delete them. */
export function openGamesDialog(actions: GamesActions): void {
  openDialog({
    title: () => strings.menu.games,
    testId: 'games-dialog',
    content: (close) => <Games close={close} {...actions} />,
  });
}

function Games({ close, currentProject, openProject, deleteProject, newGame }: GamesActions & { close(): void }): JSX.Element {
  const [games, ask] = useLoaded(api.projects);
  return (
    <>
      <ul class="cards">
        {games.value.state === 'failed' && <li class="soft">{games.value.message}</li>}
        {games.value.state === 'there' &&
          games.value.value.map((project) => (
            <GameCard
              key={project.id}
              project={project}
              isOpen={project.id === currentProject()}
              onOpen={() => {
                close();
                openProject(project.id);
              }}
              onDelete={() => void deleteProject(project).then(ask)}
            />
          ))}
      </ul>
      <div class="row">
        <button
          type="button"
          class="soft-button"
          onClick={() => {
            close();
            newGame();
          }}
        >
          <Icon name="plus" />
          {strings.menu.newGame}
        </button>
        <button type="button" class="soft-button" data-testid="all-games" onClick={() => location.assign('/projects')}>
          <Icon name="games" />
          {strings.games.all}
        </button>
      </div>
    </>
  );
}

interface GameCardProps {
  project: ProjectSummary;
  isOpen: boolean;
  onOpen(): void;
  onDelete(): void;
}

function GameCard({ project, isOpen, onOpen, onDelete }: GameCardProps): JSX.Element {
  const words = strings.games;
  // A whole game is a lot, so its deletion asks, in place.
  const asking = useSignal(false);
  if (asking.value) {
    return (
      <li class={`card${isOpen ? ' current' : ''}`}>
        <AskRemove
          question={words.removeAsk(project.name)}
          keep={words.removeNo}
          remove={words.removeYes}
          onKeep={() => {
            asking.value = false;
          }}
          onRemove={onDelete}
        />
      </li>
    );
  }
  return (
    <li class={`card${isOpen ? ' current' : ''}`}>
      <button type="button" class="card-open" onClick={onOpen}>
        <strong>{project.name}</strong>
        <span class="soft">{isOpen ? words.open : words.lastChange(formatAgo(project.updatedAt))}</span>
      </button>
      <IconButton
        icon="bin"
        size="small"
        label={words.remove(project.name)}
        onClick={() => {
          asking.value = true;
        }}
      />
    </li>
  );
}
