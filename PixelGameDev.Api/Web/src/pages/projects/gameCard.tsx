import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { AskRemove } from '../../frame/dialogs/askRemove';
import { Menu, MenuItem } from '../../frame/menu';
import { toast } from '../../frame/toasts';
import { strings } from '../../language';
import { formatAgo, formatSize } from '../../language/format';
import { moreWords } from '../../language/moreWords';
import { GameLink } from './gameLink';
import type { GamesModel } from './gamesModel';
import { type Game, longestName, projectsServer } from './projectsServer';
import { openStartDialog } from './startDialog';

/** Draws one game: its name opens it, its menu has the rest. */
export function GameCard({ game, model }: { game: Game; model: GamesModel }): JSX.Element {
  const state = useSignal<'card' | 'renaming' | 'moving' | 'asking'>('card');
  const rest = (): void => {
    state.value = 'card';
  };
  return (
    <li class="game-card" data-testid={`game:${game.name}`}>
      {state.value === 'asking' && (
        <AskRemove
          question={strings.games.removeAsk(game.name)}
          keep={strings.games.removeNo}
          remove={strings.games.removeYes}
          onKeep={rest}
          onRemove={() => void model.remove(game)}
        />
      )}
      {state.value === 'renaming' && (
        <NewName
          value={game.name}
          label={moreWords().projects.newName(game.name)}
          onDone={(name) => {
            rest();
            if (name !== undefined) void model.rename(game, name);
          }}
        />
      )}
      {state.value === 'moving' && (
        <NewName
          value={game.folder ?? ''}
          label={moreWords().projects.folderOf(game.name)}
          hint={moreWords().projects.folderHint}
          choices={model.folders.value}
          onDone={(folder) => {
            rest();
            if (folder !== undefined) void model.moveTo(game, folder);
          }}
        />
      )}
      {state.value === 'card' && (
        <>
          <OpenGame game={game} />
          <CardMenu
            game={game}
            model={model}
            onRename={() => {
              state.value = 'renaming';
            }}
            onMove={() => {
              state.value = 'moving';
            }}
            onRemove={() => {
              state.value = 'asking';
            }}
          />
        </>
      )}
    </li>
  );
}

function OpenGame({ game }: { game: Game }): JSX.Element {
  const words = moreWords().projects;
  const { id, name, updatedAt, fileCount, size } = game;
  return (
    <GameLink href={`/projects/${id}`} label={words.openNamed(name)} address={`/api/projects/${id}`} game={game} alt={words.picture(name)}>
      <strong>{name}</strong>
      <span class="soft">{strings.games.lastChange(formatAgo(updatedAt))}</span>
      <span class="soft">{words.files(fileCount, formatSize(size))}</span>
    </GameLink>
  );
}

interface CardMenuProps {
  game: Game;
  model: GamesModel;
  onRename(): void;
  onMove(): void;
  onRemove(): void;
}

function CardMenu({ game, model, onRename, onMove, onRemove }: CardMenuProps): JSX.Element {
  const words = moreWords().projects;
  return (
    <div class="game-menu">
      <Menu icon="menu" label={words.more(game.name)} testId={`game-menu:${game.name}`}>
        {(close) => {
          const item = (icon: Parameters<typeof MenuItem>[0]['icon'], label: string, testId: string, action: () => void) => (
            <MenuItem
              icon={icon}
              label={label}
              testId={testId}
              onClick={() => {
                close();
                action();
              }}
            />
          );
          return (
            <>
              {item('pencil', words.rename, 'game-rename', onRename)}
              {item('folder', words.move, 'game-move', onMove)}
              {item('plus', words.copy, 'game-copy', () => void model.copy(game))}
              {item('cloud', words.download, 'game-download', () => download(projectsServer.zipUrl(game.id), words.downloadHint))}
              {item('cloud', words.pygbag, 'game-pygbag', () => download(projectsServer.pygbagUrl(game.id), words.pygbagHint))}
              {item('flag', words.start, 'game-start', () => openStartDialog(game, (path) => void model.startWith(game, path)))}
              {item('bin', words.remove, 'game-remove', onRemove)}
            </>
          );
        }}
      </Menu>
    </div>
  );
}

/** Lets the browser store the zip; the answer's own name is the file's. */
function download(url: string, hint: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = '';
  link.click();
  toast(hint, { key: 'download', time: 10_000 });
}

interface NewNameProps {
  value: string;
  label: string;
  hint?: string;
  /** Names to choose from. */
  choices?: readonly string[];
  /** Undefined: nothing changes. */
  onDone(name?: string): void;
}

/** Draws a field for a name, in place of the card. */
function NewName({ value, label, hint, choices, onDone }: NewNameProps): JSX.Element {
  const field = useRef<HTMLInputElement>(null);
  const list = useId();
  useLayoutEffect(() => field.current?.select(), []);
  return (
    <form
      class="game-name"
      onSubmit={(event) => {
        event.preventDefault();
        onDone(field.current!.value);
      }}
    >
      <input
        type="text"
        maxLength={longestName}
        value={value}
        aria-label={label}
        list={choices === undefined ? undefined : list}
        ref={field}
        onBlur={({ currentTarget }) => onDone(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.currentTarget.value = value;
          onDone();
        }}
      />
      {hint !== undefined && <p class="soft">{hint}</p>}
      {choices !== undefined && (
        <datalist id={list}>
          {choices.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
      )}
    </form>
  );
}
