import { CompletionContext } from '@codemirror/autocomplete';
import { pythonLanguage } from '@codemirror/lang-python';
import { EditorState } from '@codemirror/state';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadAssistWords } from '../../../../language/assistWords';
import { readCode } from './code';
import { completePython } from './completions';
import { describeAt } from './describe';
import { type Game, Types } from './types';

const things =
  'import pygame\n\n\nclass Ship:\n    """Flies."""\n\n    def __init__(self):\n        self.rect = pygame.Rect(0, 0, 1, 1)\n\n    def move(self, keys):\n        pass\n';
const game: Game = {
  paths: ['main.py', 'things.py', 'images/hero.png', 'boom.wav', 'letters.ttf', 'level.txt'],
  codeOf: (path) => (path === 'things.py' ? readCode(things) : undefined),
};

beforeAll(() => loadAssistWords('en'));

/** Returns what is offered at the end of a text, best first. */
function offered(text: string): string[] {
  const state = EditorState.create({ doc: text, extensions: [pythonLanguage] });
  const result = completePython(new CompletionContext(state, text.length, true), game, 'main.py');
  return [...(result?.options ?? [])].sort((a, b) => (b.boost ?? 0) - (a.boost ?? 0)).map(({ label }) => label);
}

const start = 'import pygame\nimport random\nfrom things import Ship\nscreen = pygame.display.set_mode((640, 480))\n';

describe('what can stand here', () => {
  it.each([
    ['screen.', 'blit'],
    ['screen.get_rect().', 'center'],
    ['clock = pygame.time.Clock()\nclock.', 'tick'],
    ['for event in pygame.event.get():\n    event.', 'key'],
    ['for event in pygame.event.get():\n    if event.type == pygame.', 'KEYDOWN'],
    ['hero = pygame.image.load("a.png").convert_alpha()\nhero.', 'get_rect'],
    ['ship = Ship()\nship.', 'move'],
    ['ship = Ship()\nship.rect.', 'colliderect'],
    ['ships = [Ship() for _ in range(3)]\nfor one in ships:\n    one.', 'rect'],
    ['class Hero(pygame.sprite.Sprite):\n    def update(self):\n        self.', 'kill'],
    ['class Hero:\n    def __init__(self):\n        self.image = screen.copy()\n    def draw(self):\n        self.image.', 'blit'],
    ['group = pygame.sprite.Group()\ngroup.', 'draw'],
    ['def draw(surface):\n    surface.', 'fill'],
    ['names = []\nnames.', 'append'],
    ['"text".', 'upper'],
    ['random.', 'randint'],
    ['pygame.mixer.music.', 'play'],
    ['import pygame as pg\npg.draw.', 'circle'],
    ['score = 1\nsco', 'score'],
    ['pri', 'print'],
    ['wh', 'while'],
    ['import ra', 'random'],
    ['import nu', 'numpy'],
    ['import pgz', 'pgzrun'],
    ['import th', 'things'],
    ['from things import ', 'Ship'],
    ['from pygame import dis', 'display'],
    ['picture = pygame.image.load("', 'images/hero.png'],
    ['noise = pygame.mixer.Sound("bo', 'boom.wav'],
    ['pygame.mixer.music.load("', 'boom.wav'],
    ['font = pygame.font.Font("', 'letters.ttf'],
    ['text = open("', 'level.txt'],
  ])('%j: %s', (text, wanted) => expect(offered(start + text)).toContain(wanted));

  it('begins with what is used most', () => {
    expect(offered(`${start}screen.`).slice(0, 12)).toContain('blit');
    expect(offered(`${start}import `)[0]).toBe('things');
  });

  it.each(['# pri', 'name = "pri', 'def pri', 'x = 3.', 'for pri'])('%j: nothing', (text) => expect(offered(start + text)).toEqual([]));
});

describe('the description of a word', () => {
  const told = (text: string, word: string) => {
    const code = readCode(text);
    return describeAt(code, new Types(code, game, true), code.tree.resolveInner(text.lastIndexOf(word) + 1, -1));
  };

  it.each([
    ['screen.blit(1)', 'blit', 'blit(source, dest, area=None, special_flags=0)', 'Draws another picture on this one'],
    ['pygame.display.flip()', 'flip', 'flip()', 'Shows everything you have drawn'],
    ['print(1)', 'print', 'print()', 'Writes something into the console'],
    ['while True: pass', 'while', 'while', 'Does the lines below as long as'],
    ['s = Ship()\ns.move(1)', 'move', 'move(keys)', ''],
    ['s = Ship()\ns', 's', 's', 'Flies.'],
    ['screen', 'screen', 'screen', 'A picture: you can draw on it'],
    ['pygame.K_SPACE', 'K_SPACE', 'K_SPACE', 'A key.'],
  ])('%j', (text, word, signature, words) => {
    const found = told(start + text, word);
    expect(found?.signature).toBe(signature);
    expect(found?.text.startsWith(words)).toBe(true);
  });
});
