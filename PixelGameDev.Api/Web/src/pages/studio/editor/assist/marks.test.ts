import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadAssistWords } from '../../../../language/assistWords';
import { readCode } from './code';
import { nameMarks } from './nameMarks';
import { type Mark, syntaxMarks } from './syntaxMarks';

const root = new URL('../../../../../../../', import.meta.url).pathname;
await loadAssistWords('en');

/** Finds the Python of a folder: each file with its path in it. */
function programs(folder: string): [path: string, text: string][] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.py'))
    .map((path) => [`${folder}/${path}`, readFileSync(join(root, folder, path), 'utf8')]);
}

function marksOf(text: string, others: Readonly<Record<string, string>> = {}): Mark[] {
  const codeOf = (path: string) => (others[path] === undefined ? undefined : readCode(others[path]));
  return [...syntaxMarks(text), ...nameMarks(readCode(text), { paths: Object.keys(others), codeOf })];
}

const said = (text: string, others?: Readonly<Record<string, string>>): string[] =>
  marksOf(text, others).map((mark) => `${text.slice(mark.from, mark.to)}: ${mark.message}`);

describe('correct code', () => {
  const folders = ['content', 'PixelGameDev.Benchmarks', 'PixelGameDev.GameHost', 'PixelGameDev.Api', 'PixelGameDev.Tests'];
  const all = folders.flatMap(programs).filter(([path]) => !/\/(node_modules|bin|obj)\//.test(path));

  it('is everything that this repository has', () => {
    expect(all.filter(([path]) => path.startsWith('content/templates/')).length).toBeGreaterThan(6);
    const marked = all.flatMap(([path, text]) => {
      const folder = path.slice(0, path.lastIndexOf('/') + 1);
      const others = Object.fromEntries(
        all.filter(([other]) => other.startsWith(folder)).map(([other, its]) => [other.slice(folder.length), its]),
      );
      return said(text, others).map((what) => `${path}: ${what}`);
    });
    expect(marked).toEqual([]);
  });

  it.each([
    'x = 1 if True else 2\nprint(x)\n',
    'def f(a, /, b=1, *rest, key: int = 2, **more) -> int:\n    return a + b + key + len(rest) + len(more)\n\n\nf(1)\n',
    'name = "Mia"\nprint(f"{name!r:>10} {name + "!"} {{}}", f\'{name:{10}}\')\n',
    'text = """one\n  two "three"\n"""\nprint(text,\n      end="")\n',
    'try:\n    pass\nexcept (ValueError, OSError) as error:\n    print(error)\nelse:\n    pass\nfinally:\n    pass\n',
    'for i in range(3):\n    if i:\n        break\nelse:\n    print(1)\n',
    'match = 3\nmatch match:\n    case 1 | 2:\n        pass\n    case [first, *rest] if first:\n        print(rest)\n    case _:\n        pass\n',
    'from pygame.locals import *\nprint(K_SPACE, QUIT)\n',
    'import pygame as pg\nimport pygame.freetype\nprint(pg.K_a, pygame.freetype.SysFont)\n',
    'with open("a") as f, open("b") as (g):\n    print(f, g)\n',
    'class A:\n    pass\n\n\na = A()\na.anything = 1\nprint(a.anything)\n',
    'items = [x * 2\n         for x in range(3)\n         if x]\nprint(items, sum(y for y in items))\n',
    'if (n := 3) > 2: print(n)\n',
    'def f():\n\tif True:\n\t\treturn 1\n\treturn 2\nf()\n',
    'numbers = {1: "a",\n2: "b"}\nprint(numbers, lambda a, b=1: a + b)\nx = not numbers\nprint(x)\n',
    '@property\ndef f(self): ...\n\n\nasync def g():\n    await f\n',
    'import pygame\nscreen = pygame.display.set_mode((1, 1))\ndef draw(screen):\n    screen.anything()\ndraw(1)\n',
    'things = []\nthings.append(1)\nthings[0].hello()\n"a".upper()\nprint(things[:].copy())\n',
    'exec("x = 1")\nprint(x)\n',
    'from unknown import *\nprint(x)\n',
  ])('%j has no mark', (text) => expect(said(text)).toEqual([]));
});

describe('mistakes', () => {
  it.each([
    ['print("hi"\nx = 1\n', '(: This ( is never closed.'],
    ['x = [1, 2\ny = 3\nprint(x, y)\n', '[: This [ is never closed.'],
    ['print(1))\n', '): There is no open bracket for this ).'],
    ['x = (1, 2]\n', ']: This ] does not fit: the bracket that is open is (.'],
    ['print("hi)\n', '"hi): This text has no end.'],
    ['print(“hi”)\n', '“: “ is a quote mark of a book.'],
    ['if 1 > 2\n    pass\n', '2: A line with if needs a colon at its end.'],
    ['while True\n    pass\n', 'True: A line with while needs a colon at its end.'],
    ['def f()\n    pass\n', '): A line with def needs a colon at its end.'],
    ['if 1:\n    pass\nelse if 2:\n    pass\n', 'else if: In Python, “else if” is one word: elif.'],
    ['x = 1\nif x = 2:\n    pass\n', '=: To compare, write == with two signs.'],
    ['x = 1\nx++\n', '++: Python does not know ++.'],
    ['print "hi"\n', 'print "hi": print needs brackets'],
    ['x = [1 2]\n', '1 2: Something is missing between 1 and 2. Perhaps a comma?'],
    ['x = \n', '=: Something must follow after =.'],
    ['for i in range(3):\nprint(i)\n', 'print(i): This line belongs to the for above'],
    ['while True:\n    for i in range(3):\n', 'for i in range(3):: Below this for a line is missing'],
    ['x = 1\n    y = 2\n', 'y = 2: This line begins too far to the right.'],
    ['if 1:\n        x = 1\n    y = 2\n', 'y = 2: This line begins below no other line.'],
    ['x = 1\nelse:\n    pass\n', 'else: There is no line above that this else belongs to.'],
    ['pritn(1)\n', 'pritn: Nothing is called pritn. Did you mean print?'],
    ['score = 1\nprint(scroe)\n', 'scroe: Nothing is called scroe. Did you mean score?'],
    ['x = true\n', 'true: Nothing is called true. Did you mean True?'],
    ['print(random.randint(1, 6))\n', 'random: random is not imported yet.'],
    ['import pygame\npygame.draw.cirlce(1)\n', 'cirlce: pygame.draw has no cirlce. Did you mean circle?'],
    ['import pygame\nprint(pygame.K_SPCAE)\n', 'K_SPCAE: pygame has no K_SPCAE. Did you mean K_SPACE?'],
    ['import pygame\ns = pygame.display.set_mode((1, 1))\ns.fil("red")\n', 'fil: pygame.Surface has no fil. Did you mean fill?'],
    ['import pygame\nr = pygame.Rect(0, 0, 1, 1)\nr.centre = 1\n', 'centre: pygame.Rect has no centre. Did you mean center?'],
    ['things = []\nthings.apend(1)\n', 'apend: list has no apend. Did you mean append?'],
    ['print(qwzx)\n', 'qwzx: Nothing is called qwzx in this file.'],
  ])('%j: %s', (text, message) => {
    const all = said(text);
    expect(
      all.some((one) => one.startsWith(message)),
      all.join('\n'),
    ).toBe(true);
  });

  it('are fixed by a press', () => {
    for (const [text, fixed] of [
      ['import pygame\npygame.inti()\n', 'import pygame\npygame.init()\n'],
      ['print(random.random())\n', 'import random\nprint(random.random())\n'],
      ['if 1\n    pass\n', 'if 1:\n    pass\n'],
      ['x = 1\nif x = 2:\n    pass\n', 'x = 1\nif x == 2:\n    pass\n'],
    ]) {
      const fix = marksOf(text!)[0]!.fix!;
      expect(text!.slice(0, fix.from) + fix.text + text!.slice(fix.to)).toBe(fixed);
    }
  });

  it('of a file are found through the names of another one', () => {
    const others = { 'things.py': 'class Ship:\n    pass\n' };
    expect(said('from things import *\nShip()\n', others)).toEqual([]);
    expect(said('from things import *\nShpi()\n', others)).toEqual(['Shpi: Nothing is called Shpi. Did you mean Ship?']);
  });
});
