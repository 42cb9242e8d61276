import { describe, expect, it } from 'vitest';
import { loadErrorWords } from '../language/errorWords';
import { explain } from './explain';
import { LineBuffer } from './lineBuffer';
import { Replay } from './replay';

await loadErrorWords('en');

describe('LineBuffer', () => {
  it('joins the parts of a line and keeps streams apart', () => {
    const buffer = new LineBuffer();
    buffer.append('out', 'Hel');
    buffer.append('out', 'lo\nworld');
    buffer.append('err', 'oh\n');
    buffer.append('out', 'next\n\n');
    expect(buffer.all.map(({ stream, text }) => [stream, text])).toEqual([
      ['out', 'Hello'],
      ['out', 'world'],
      ['err', 'oh'],
      ['out', 'next'],
      ['out', ''],
    ]);
  });

  it('tells a view what changed and what is gone', () => {
    const buffer = new LineBuffer(3);
    buffer.append('out', 'a\nb');
    expect(buffer.take()).toMatchObject({
      first: 1,
      changed: [
        { id: 1, text: 'a' },
        { id: 2, text: 'b' },
      ],
    });
    buffer.append('out', 'b\nc\nd\n');
    expect(buffer.take()).toMatchObject({ first: 2, changed: [{ id: 2, text: 'bb' }, { id: 3 }, { id: 4 }] });
    buffer.clear();
    expect(buffer.take()).toEqual({ first: 5, changed: [] });
  });

  const shown = (buffer: LineBuffer): (string | undefined)[][] =>
    buffer.all.map(({ text, answer }) => (answer === undefined ? [text] : [text, answer]));

  it('keeps a question with its answer on one line, and the question when no answer came', () => {
    const buffer = new LineBuffer();
    buffer.ask('Your name? ', 'Mia');
    buffer.append('out', 'Hello Mia\n');
    buffer.ask('1) sword\n2) bow\n> ', '2');
    buffer.ask('', 'no question');
    buffer.append('out', 'Age? ');
    buffer.ask('', '12');
    buffer.ask('Sure? ', undefined);
    buffer.append('out', 'next\n');
    expect(shown(buffer)).toEqual([
      ['Your name? ', 'Mia'],
      ['Hello Mia'],
      ['1) sword'],
      ['2) bow'],
      ['> ', '2'],
      ['', 'no question'],
      ['Age? ', '12'],
      ['Sure? '],
      ['next'],
    ]);
  });

  it('stays within its bounds under a flood', () => {
    const buffer = new LineBuffer(100);
    for (let i = 0; i < 10_000; i++) buffer.append('out', `${i}\n`);
    buffer.append('out', 'x'.repeat(1_000_000));
    expect(buffer.all.length).toBe(100);
    expect(buffer.all.at(-1)!.text.length).toBeLessThan(10_000);
    expect(buffer.take().changed.length).toBe(100);
  });
});

describe('Replay', () => {
  /** Returns what is shown if a connection is lost after `before`, and the server then repeats `again` and continues with `after`. */
  const shown = (before: string[], again: string[], after: string[]): string => {
    const replay = new Replay();
    replay.begin();
    let text = before.map((piece) => replay.take(piece)).join('');
    replay.reconnected();
    text += [...again, ...after].map((piece) => replay.take(piece)).join('');
    return text;
  };

  it.each([
    ['the whole', ['a\n', 'b\n'], ['a\n', 'b\n'], ['c\n'], 'a\nb\nc\n'],
    ['the tail', ['a\n', 'b\n', 'c\n'], ['b\n', 'c\n'], ['d\n'], 'a\nb\nc\nd\n'],
    ['more than was heard', ['a\n'], ['a\n', 'b\n'], ['c\n'], 'a\nb\nc\n'],
    ['other pieces', ['a\nb', '\nc\n'], ['a\n', 'b\nc\nd\n'], ['e\n'], 'a\nb\nc\nd\ne\n'],
    ['the same line often', ['x\n', 'x\n', 'x\n'], ['x\n', 'x\n', 'x\n'], ['x\n'], 'x\nx\nx\nx\n'],
    ['nothing that was heard', ['a\n'], ['y\n', 'z\n'], [], 'a\ny\nz\n'],
    ['nothing', ['a\n'], [], [], 'a\n'],
    ['something, when nothing was heard before', [], ['a\n'], ['a\n'], 'a\na\n'],
  ])('shows no line twice when the server repeats %s', (_, before, again, after, whole) => {
    expect(shown(before, again, after)).toBe(whole);
  });
});

describe('explain', () => {
  // Messages as Python 3.11, 3.13 and pygame 2 write them.
  it.each([
    ['NameError', "name 'scroe' is not defined. Did you mean: 'score'?", '“scroe”', '“score”'],
    ['NameError', "name 'random' is not defined. Did you forget to import 'random'?", '“random”', 'import random'],
    ['UnboundLocalError', "cannot access local variable 'score' where it is not associated with a value", '“score”', 'global score'],
    ['SyntaxError', "expected ':'", 'colon', 'if, for'],
    ['SyntaxError', "'(' was never closed", '“(”', 'partner'],
    ['SyntaxError', "unmatched ')'", '“)”', 'partner'],
    ['SyntaxError', 'unterminated string literal (detected at line 3)', 'text', 'quote'],
    ['SyntaxError', "invalid syntax. Maybe you meant '==' or ':=' instead of '='?", '=', '=='],
    ['IndentationError', "expected an indented block after 'if' statement on line 3", 'right', 'four spaces'],
    ['IndentationError', 'unexpected indent', 'too far', 'block'],
    ['TabError', 'inconsistent use of tabs and spaces in indentation', 'Tabs', 'spaces'],
    ['TypeError', 'can only concatenate str (not "int") to str', 'text and a number', 'str('],
    ['TypeError', "unsupported operand type(s) for +: 'int' and 'str'", 'text and a number', 'str('],
    ['TypeError', "Player.move() missing 1 required positional argument: 'dx'", '“move”', 'brackets'],
    ['TypeError', "'int' object is not callable", 'A number', 'brackets'],
    ['AttributeError', "'NoneType' object has no attribute 'move'", '“move”', 'before the dot'],
    ['AttributeError', "module 'pygame' has no attribute 'drw'", '“pygame” has no “drw”', 'Capital'],
    ['AttributeError', "'list' object has no attribute 'add'", 'A list has no “add”', 'Capital'],
    ['ZeroDivisionError', 'division by zero', 'zero', 'divide'],
    ['IndexError', 'list index out of range', 'shorter', 'places'],
    ['KeyError', "'lives'", "'lives'", 'dictionary'],
    ['ModuleNotFoundError', "No module named 'enemi'", '“enemi”', 'pygame'],
    ['FileNotFoundError', "No file 'player.png' found in working directory '/work'.", '“player.png”', 'Drag'],
    ['FileNotFoundError', "[Errno 2] No such file or directory: 'level.txt'", '“level.txt”', 'Drag'],
    ['pygame.error', 'video system not initialized', 'not started', 'pygame.init()'],
    ['pygame.error', 'No video mode has been set', 'window', 'set_mode'],
    ['ValueError', 'invalid color argument', 'colour', '255'],
    ['RecursionError', 'maximum recursion depth exceeded', 'itself', 'if'],
    ['Banana', 'peel', 'Banana', 'words'],
  ])('%s: %s', (type, message, inTitle, inHint) => {
    const { title, hint } = explain({ type, message });
    expect(title).toContain(inTitle);
    expect(hint).toContain(inHint);
  });
});
