import { describe, expect, it } from 'vitest';
import { GamesModel } from './gamesModel';
import type { Game } from './projectsServer';

const game = (name: string): Game => ({
  id: name,
  name,
  entry: 'main.py',
  updatedAt: '',
  fileCount: 1,
  size: 1,
  picture: null,
  folder: null,
});

describe('GamesModel', () => {
  it.each([
    ['', ['Größe', 'Star Catcher', 'star catcher 2']],
    ['STAR', ['Star Catcher', 'star catcher 2']],
    ['grosse', []],
    ['groß', ['Größe']],
    [' catcher 2 ', ['star catcher 2']],
  ])('finds %j', (search, names) => {
    const model = new GamesModel();
    model.games.value = ['Größe', 'Star Catcher', 'star catcher 2'].map(game);
    model.search.value = search;
    expect(model.found.value.map(({ name }) => name)).toEqual(names);
  });

  it('puts games into folders, those in no folder first', () => {
    const model = new GamesModel();
    model.games.value = [
      { ...game('Maze'), folder: 'School' },
      game('Star Catcher'),
      { ...game('Apples'), folder: 'At home' },
      { ...game('Snake'), folder: 'School' },
    ];
    const folders = (): string[] =>
      model.gamesByFolder.value.map(({ folder, games }) => `${folder}: ${games.map(({ name }) => name).join()}`);
    expect(folders()).toEqual([': Star Catcher', 'At home: Apples', 'School: Maze,Snake']);
    model.search.value = 'school';
    expect(folders()).toEqual(['School: Maze,Snake']);
  });
});
