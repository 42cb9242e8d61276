import { computed, signal } from '@preact/signals';
import { api } from '../../api/api';
import { attempt, messageOf } from '../../frame/attempt';
import { toast } from '../../frame/toasts';
import { strings } from '../../language';
import { moreWords } from '../../language/moreWords';
import type { LocalGames } from '../studio/project/droppedFiles';
import { type ImportedGame, importGames } from './importGames';
import { cutName, type Game, longestName, projectsServer } from './projectsServer';

/** Holds the games of the account, and what can be done with them. */
export class GamesModel {
  /** Undefined until the server has answered. */
  readonly games = signal<readonly Game[] | undefined>(undefined);
  readonly problem = signal('');
  readonly search = signal('');
  private importing: Promise<void> = Promise.resolve();
  readonly found = computed(() => {
    const wanted = fold(this.search.value);
    return (this.games.value ?? []).filter(({ name, folder }) => fold(`${name}\n${folder ?? ''}`).includes(wanted));
  });

  /** The found games by their folders: those in none first, then the folders by name. */
  readonly gamesByFolder = computed(() => {
    const games = this.found.value;
    const inside = this.folders.value.map((folder) => ({ folder, games: games.filter((game) => game.folder === folder) }));
    return [{ folder: '', games: games.filter(({ folder }) => !folder) }, ...inside].filter((group) => group.games.length > 0);
  });
  readonly folders = computed(() =>
    [...new Set((this.games.value ?? []).flatMap(({ folder }) => folder ?? []))].sort((a, b) => a.localeCompare(b)),
  );

  async load(): Promise<void> {
    try {
      this.games.value = await projectsServer.list();
      this.problem.value = '';
    } catch (error) {
      this.problem.value = messageOf(error);
    }
  }

  async rename(game: Game, name: string): Promise<void> {
    const wanted = name.trim();
    if (wanted === '' || wanted === game.name) return;
    await this.act(api.patchProject(game.id, { name: wanted }));
  }

  /** Moves a game into a folder, which is new if no other game is in it; an empty name: into none. */
  async moveTo(game: Game, folder: string): Promise<void> {
    if (folder.trim() === (game.folder ?? '')) return;
    await this.act(api.patchProject(game.id, { folder: folder.trim() }));
  }

  async copy(game: Game): Promise<void> {
    const words = moreWords().projects;
    const name = words.copyOf(cutName(game.name, longestName - words.copyOf('').length));
    await this.act(
      projectsServer.duplicate(game.id, name).then((copy) => toast(words.copied(copy.name), { kind: 'good', key: `copy-${copy.id}` })),
    );
  }

  async startWith(game: Game, path: string): Promise<void> {
    await this.act(
      api.patchProject(game.id, { entry: path }).then(() => toast(moreWords().projects.starts(path), { kind: 'good', key: 'entry' })),
    );
  }

  /** Moves a game to the trash and offers to undo that. */
  async remove(game: Game): Promise<void> {
    await this.act(
      api.deleteProject(game.id).then(() =>
        toast(strings.games.removed(game.name), {
          key: `trash-${game.id}`,
          action: { label: strings.files.undo, run: () => void this.restore(game.id) },
        }),
      ),
    );
  }

  async restore(id: string): Promise<void> {
    await this.act(api.restoreProject(id).then(({ name }) => toast(strings.trash.restored(name), { kind: 'good', key: `trash-${id}` })));
  }

  /** Makes games from files of the person's disk, after those of earlier requests. `report` shows what was left out of each. */
  importGames(local: LocalGames | Promise<LocalGames>, report: (game: ImportedGame) => Promise<void>): Promise<void> {
    this.importing = this.importing.then(() =>
      attempt(
        (async () => {
          const games = await importGames(await local);
          await this.load();
          for (const game of games) await report(game);
        })(),
      ),
    );
    return this.importing;
  }

  private async act(action: Promise<unknown>): Promise<void> {
    await attempt(action);
    await this.load();
  }
}

/** Returns a name as it is compared: without the case of its letters and the signs over them. */
function fold(name: string): string {
  return name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().trim();
}
