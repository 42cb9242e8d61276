import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { api } from '../../api/api';
import { attempt } from '../../frame/attempt';
import { DropOverlay } from '../../frame/dropOverlay';
import { Icon } from '../../frame/icons';
import { whoIsHere } from '../../frame/person';
import { openProjectTrash } from '../../frame/projectTrash';
import { withDialogs } from '../../frame/withDialogs';
import { language, strings } from '../../language';
import { hasMoreWords, loadMoreWords, moreWords } from '../../language/moreWords';
import { droppedGames } from '../studio/project/droppedFiles';
import { GameCard } from './gameCard';
import { GamesHead, GamesSearch } from './gamesHead';
import { GamesModel } from './gamesModel';
import { ImportButtons } from './importButtons';
import { openLeftOutDialog } from './leftOutDialog';

/** Draws the page of all games: find, open, rename, copy, take home, delete. */
export default function ProjectsPage(): JSX.Element | null {
  const model = useMemo(() => new GamesModel(), []);
  const ready = useSignal(hasMoreWords());
  useEffect(() => {
    void attempt(
      Promise.all([loadMoreWords(language()), whoIsHere()]).then(async () => {
        ready.value = true;
        await model.load();
      }),
    );
  }, []);
  useEffect(() => {
    if (ready.value) document.title = `${moreWords().projects.title} · ${strings.title}`;
  });
  return ready.value ? <Games model={model} /> : null;
}

function Games({ model }: { model: GamesModel }): JSX.Element {
  const words = moreWords().projects;
  const games = model.games.value;
  const openTrash = (): void =>
    openProjectTrash({
      restoreProject: (id) => model.restore(id),
      removeProject: async (id) => {
        await api.removeProject(id);
      },
    });
  const create = async (template: string): Promise<void> => {
    const { id } = await api.createProject(template);
    location.assign(`/projects/${id}`);
  };
  return (
    <main class="games-page" data-testid="projects-page">
      <GamesHead title={words.title}>
        <div class="row">
          <button
            type="button"
            class="run-button"
            data-testid="projects-new"
            onClick={() => withDialogs((dialogs) => dialogs.openTemplatesDialog(({ name }) => void attempt(create(name))))}
          >
            <Icon name="plus" />
            {words.newGame}
          </button>
          <ImportButtons model={model} />
          <button type="button" class="soft-button" data-testid="projects-trash" onClick={openTrash}>
            <Icon name="unbin" />
            {words.deleted}
          </button>
        </div>
      </GamesHead>
      <GamesSearch
        label={words.search}
        value={model.search.value}
        testId="projects-search"
        onType={(search) => {
          model.search.value = search;
        }}
      />
      {model.problem.value !== '' && (
        <p class="account-refusal" role="alert">
          {model.problem.value}
        </p>
      )}
      {games === undefined && model.problem.value === '' && <p class="soft">{strings.files.loading}</p>}
      {games !== undefined && model.found.value.length === 0 && <p class="soft">{words.none}</p>}
      {model.gamesByFolder.value.map(({ folder, games: inside }) => (
        <section key={folder} class="games-folder" data-testid={`folder:${folder}`}>
          {folder !== '' && (
            <h2>
              <Icon name="folder" />
              {folder}
            </h2>
          )}
          <ul class="games-list" aria-label={folder === '' ? words.title : folder}>
            {inside.map((game) => (
              <GameCard key={game.id} game={game} model={model} />
            ))}
          </ul>
        </section>
      ))}
      <DropOverlay hint={words.drop} onDrop={(data) => void model.importGames(droppedGames(data), openLeftOutDialog)} />
    </main>
  );
}
