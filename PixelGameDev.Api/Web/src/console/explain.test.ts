import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadErrorWords } from '../language/errorWords';
import type { ErrorReport } from '../stream/protocol';
import { explain } from './explain';

await loadErrorWords('en');

type Reports = Record<string, { files: string[]; report: ErrorReport }>;

/** Reports by mistakes/collect.py: those of the game image's Python, and those of an older one. */
const pythons = ['3.13', '3.11'].map((version) => ({
  version,
  reports: JSON.parse(readFileSync(new URL(`./mistakes/reports-${version}.json`, import.meta.url), 'utf8')) as Reports,
}));

/** Mistake → what the title must contain, and what the hint must contain. */
const expected: Record<string, readonly [title: string, hint: string]> = {
  'name of a function': ['Python does not know “pritn”', 'Did you mean “print”?'],
  'name of a variable': ['“scroe”', 'Did you mean “score”?'],
  'name of nothing': ['“qwzx”', 'spelled the same'],
  'name of a class': ['“Playr”', 'Did you mean “Player”?'],
  true: ['“true”', 'Did you mean “True”?'],
  false: ['“false”', 'Did you mean “False”?'],
  none: ['“none”', 'Did you mean “None”?'],
  null: ['“null”', 'spelled'],
  'random not imported': ['“random”', 'import random'],
  'own attribute without self': ['“lives”', ''],
  'global without global': ['“score”', 'global score'],
  'pygame function': ['“pygame.draw” has no “cirlce”', 'Did you mean “circle”?'],
  'pygame key': ['“pygame” has no “K_SPCAE”', 'Did you mean “K_SPACE”?'],
  'list method': ['A list has no “apend”', 'Did you mean “append”?'],
  'own method': ['“Hero” has no “jmp”', 'Did you mean “jump”?'],
  'imported name': ['name is not in there', ''],
  'print without brackets': ['print needs round brackets', 'print("hello")'],
  'forgotten comma': ['A comma is missing', 'Put a comma'],
  'forgotten comma in a call': ['A comma is missing', 'Put a comma'],
  'range of a text': ['“n” is a text, not a number', 'int(n)'],
  'compare text and number': ['“lives” is a text, not a number', 'int(lives)'],
  'compare number and text': ['“lives” is a text, not a number', 'int(lives)'],
  'text plus number': ['A text and a number cannot be added', 'str(score)'],
  'number plus text': ['A text and a number cannot be added', 'int(answer)'],
  'text minus number': ['“age” is a text, not a number', 'int(age)'],
  'text divided': ['“age” is a text, not a number', 'int(age)'],
  'int of a word': ['“twelve” is not a number', 'digits'],
  'int of nothing': ['An empty text is not a number', 'digits'],
  'int of a point': ['“3.5” is not a whole number', 'float()'],
  'float of a word': ['“fast” is not a number', 'digits'],
  'else if': ['Python writes “elif”', 'elif'],
  elseif: ['Python writes “elif”', 'elif'],
  'curly quotes': ['““” is not the quote mark', 'straight'],
  'curly apostrophes': ['“‘” is not the quote mark', 'straight'],
  'low quotes': ['“„” is not the quote mark', 'straight'],
  'strange character': ['“×”', 'Times is *'],
  'return outside': ['“return” only works inside a function', 'def'],
  'break outside': ['“break” only works inside a loop', 'while or for'],
  'continue outside': ['“continue” only works inside a loop', 'while or for'],
  'missing colon': ['A colon is missing', 'if x == 1:'],
  'one equals sign': ['One = sign', '=='],
  'open bracket': ['“(” was never closed', 'partner'],
  'extra bracket': ['one “)” too many', 'partner'],
  'open text': ['A text was never closed', 'quote mark'],
  'keyword as a name': ['“class” is a word of Python itself', 'another name'],
  'number first': ['cannot start with a number', 'at the end'],
  'plus plus': ['Python has no “++”', 'x += 1'],
  'blit of a name': ['“hero.png” is only a name, not a picture', 'pygame.image.load("hero.png")'],
  'blit without a place': ['blit needs to know where', 'screen.blit'],
  'set_mode without brackets': ['two pairs of brackets', '((640, 480))'],
  'set_mode with one number': ['two pairs of brackets', '((640, 480))'],
  'own random': ["Your file random.py hides Python's own “random”", 'another name'],
  'from own random': ["Your file random.py hides Python's own “random”", 'another name'],
  'own pygame': ["Your file pygame.py hides Python's own “pygame”", 'another name'],
  turtle: ['“turtle” does not work here', 'pygame'],
  tkinter: ['“tkinter” does not work here', 'pygame'],
  'from tkinter': ['“tkinter” does not work here', 'pygame'],
  'unknown library': ['There is no module called “playsound”', 'You can use'],
  'misspelt module': ['There is no module called “pygme”', 'Did you mean “pygame”?'],
  'unknown module': ['There is no module called “enemi”', 'your own .py files'],
  'key of a mouse event': ['This kind of event has no “key”', 'event.type == pygame.KEYDOWN'],
  'pos of a key event': ['This kind of event has no “pos”', 'event.type == pygame.MOUSEBUTTONDOWN'],
  'colour of a word': ['That is not a colour', '255'],
  'colour too large': ['That is not a colour', '255'],
  'draw colour': ['That is not a colour', '255'],
  'missing picture': ['There is no file called “hero.png”', 'list of files'],
  'missing sound': ['There is no file called “boom.wav”', 'list of files'],
  'missing file': ['There is no file called “level.txt”', 'list of files'],
  'none has no attribute': ['nothing (None) that could have “move”', 'before the dot'],
  'none called': ['Nothing (None) cannot be called', 'brackets'],
  'none in a sum': ['There is nothing here (None)', 'return'],
  'number called': ['A number cannot be called', 'brackets'],
  'too few values': ['“f” needs a value for “b”', 'def'],
  'method without self': ['“jump” forgot self', 'def jump(self)'],
  'list index': ['The list is shorter', 'places'],
  'list index text': ['A place in a list is a whole number', 'list[0]'],
  'key of a dictionary': ["no 'lives' in this dictionary", 'spelling'],
  unpack: ['number of names and of values', 'one name'],
  zero: ['divided by zero', 'Check'],
  'not initialised': ['pygame is not started yet', 'pygame.init()'],
  'no font': ['pygame is not started yet', 'pygame.init()'],
  'no-break space': ['invisible sign (U+00A0)', 'type them again'],
  'wrong closing bracket': ['“[” cannot be closed with “)”', 'partner'],
  'else without if': ['This “else” has no “if”', 'above'],
  'elif without if': ['This “elif” has no “if”', 'above'],
  'misspelt keyword': ['does not know the word “whlie”', 'Did you mean “while”?'],
  'misspelt import': ['does not know the word “improt”', 'Did you mean “import”?'],
  'misspelt def': ['does not know the word “dfe”', 'Did you mean “def”?'],
  'range without brackets': ['range needs round brackets', 'range(10)'],
  'def without brackets': ['“def jump” needs round brackets', 'def jump():'],
  'value on the left': ['left of the = sign', 'x = 5'],
  'sum on the left': ['left of the = sign', 'x = 5'],
  'leading zero': ['cannot start with a zero', '007'],
  'backslash in a path': ['A backslash', 'images/hero.png'],
  'keyword before a value': ['Values with a name come last', 'behind'],
  'global too late': ['“global score” comes too late', 'first line'],
  'f-string': ['never closed', '{lives}'],
  'not in': ['“not” alone', '!= 5'],
  'and sign': ['“and” instead of “&&”', 'and'],
  'exclamation mark': ['“not” instead of “!”', 'not'],
  'key without pygame': ['“K_LEFT”', 'pygame.K_LEFT'],
  'event type without pygame': ['“KEYDOWN”', 'pygame.KEYDOWN'],
  'self outside': ['no “self” here', 'def update(self)'],
  'actor without pgzrun': ['“Actor” belongs to Pygame Zero', 'import pgzrun'],
  'loop over a number': ['cannot go through a number', 'range(10)'],
  'loop over a function': ['“pygame.event.get” needs round brackets', 'pygame.event.get()'],
  'function with square brackets': ['“pygame.key.get_pressed” needs round brackets', 'get_pressed()'],
  'number with square brackets': ['A number has no places', 'right variable'],
  'module called': ['“random” is a module', 'random.randint'],
  'range of a half': ['whole number', '//'],
  'length of a number': ['A number has no length', 'len(str(number))'],
  'letter of a text changed': ['letters of a text', 'new text'],
  'tuple changed': ['tuple', 'square brackets'],
  'text too short': ['text is shorter', 'places'],
  'list as a key': ['A list cannot be a key', 'round brackets'],
  'number plus list': ['A number and a list do not go together with “+”', 'append'],
  'text times half': ['repeated whole times', 'int('],
  'none compared': ['nothing here (None)', 'return'],
  'none with square brackets': ['nothing here (None)', 'return'],
  'class without brackets': ['“Hero” is the class', 'hero = Hero() and then hero.jump()'],
  'too many values': ['“f” was called with the wrong number', 'It takes 1; here are 2'],
  'unknown keyword': ['“f” has no value called “color”', ''],
  'sprite without init': ['“Hero” was not made ready', 'super().__init__()'],
  'attribute never set': ['“Hero” has no “speed”', 'self.speed = 0'],
  'remove what is not there': ['not in the list', 'if enemy in'],
  'choice of nothing': ['empty list', 'first'],
  'randint of a text': ['“6” is a text', '6'],
  'randint of one': ['“randint” needs a value for “b”', 'brackets'],
  'pop of nothing': ['The list is empty', 'if things'],
  'text not in text': ['not in the text', 'Ask first'],
  'root of minus': ['no result', 'negative'],
  'render a number': ['font.render() takes a text', 'str(score)'],
  'render without a colour': ['three values', '"white"'],
  'circle without brackets': ['“center” is two numbers', '(100, 50)'],
  'circle without a radius': ['“radius” is missing', '(100, 50), 20'],
  'rect with three numbers': ['not a rectangle', 'four numbers'],
  'draw a half rect': ['not a rectangle', 'four numbers'],
  'blit to a number': ['blit needs to know where', 'screen.blit'],
  'blit to two numbers': ['blit needs to know where', 'screen.blit'],
  'place of a picture': ['A picture has no “x”', 'get_rect()'],
  'collision with a number': ['not a rectangle', 'four numbers'],
  'convert without a window': ['no window yet', 'set_mode'],
  'draw after quit': ['window is closed already', 'pygame.quit()'],
  'font not started': ['not started', 'pygame.init()'],
  'sound not started': ['not started', 'pygame.init()'],
  'other capitals': ['no file called “hero.png”', 'write “Hero.PNG”'],
  'other folder': ['no file called “hero.png”', '“images/hero.png”'],
  backslash: ['images\\hero.png', '“images/hero.png”. Write /'],
  'other ending': ['no file called “hero.jpg”', 'Did you mean “hero.png”?'],
  'misspelt file': ['no file called “levle.txt”', 'Did you mean “level.txt”?'],
  'path of a computer': ['“C:/Users/anna/hero.txt” is a place on a computer', 'onto the page'],
  'no picture': ['“hero.png” is not a picture', 'PNG'],
  'no sound': ['“boom.wav” is not a sound', 'OGG'],
  'other encoding': ['another way', 'utf-8'],
  'broken json': ['not valid JSON', 'line 1 column 2'],
  'circle of imports': ['import each other', 'third file'],
  'dictionary changed': ['dictionary changed', 'list(things)'],
  'own error': ['Your own code says: Too many lives', 'raise'],
  opengl: ['“OpenGL” does not work here', 'graphics card'],
  pytmx: ['“pytmx” is not here', 'folder'],
  pymunk: ['no module called “pymunk”', 'pgzrun, numpy, scipy, PIL'],
  'pip in the program': ['command of the terminal', 'pygame'],
  'needs indent': ['below “if” must be moved to the right', 'in line 1'],
  'unexpected indent': ['too far to the right', 'same place'],
  'odd indent': ['odd place', 'lines up'],
  recursion: ['again and again', 'if'],
  assertion: ['A check in your code', 'assert'],
};

describe.each(pythons)('explain, Python $version', ({ version, reports }) => {
  it('is tested with every mistake that was collected', () => {
    expect(Object.keys(expected).sort()).toEqual(Object.keys(reports).sort());
  });

  it.each(Object.entries(expected))('%s', (name, [title, hint]) => {
    const { report, files } = reports[name]!;
    const said = explain(report, files);
    expect(said.title).toContain(title);
    expect(said.hint).toContain(hint);
  });

  it('never throws away what Python itself has found', () => {
    for (const [name, { report, files }] of Object.entries(reports)) {
      const near = /Did you mean: '(.+?)'\?/.exec(report.text)?.[1];
      if (near !== undefined) expect(explain(report, files).hint, `${version}: ${name}`).toContain(near);
    }
  });
});

describe('explain', () => {
  const report = (type: string, message: string, source = ''): ErrorReport => ({
    type,
    message,
    frames: [],
    text: `  File "main.py", line 1, in <module>\n    ${source}\n${type}: ${message}\n`,
  });

  it.each([
    ["range('5')", '“5” is a text', '5'],
    ['for i in range(0, "5"):', '“5” is a text', '5'],
    ['for i in range(0, n):', 'This is a text', 'int(text)'],
  ])('%s', (source, title, hint) => {
    const said = explain(report('TypeError', "'str' object cannot be interpreted as an integer", source));
    expect(said.title).toContain(title);
    expect(said.hint).toContain(hint);
  });

  it.each([
    ['open("scores.txt")', 'scores.txt', 'no file called “scores.txt”', 'os.path.exists("scores.txt")'],
    ['data = json.load(open("save.json"))', 'save.json', 'no file called “save.json”', 'at the first run'],
    ['with open("saves/one.txt", "w") as file:', 'saves/one.txt', 'there is no folder “saves”', 'os.makedirs("saves", exist_ok=True)'],
    ['pygame.image.load("hero.png")', 'hero.png', 'no file called “hero.png”', 'Drag it onto the page'],
  ])('%s without the file', (source, name, title, hint) => {
    const said = explain(report('FileNotFoundError', `[Errno 2] No such file or directory: '${name}'`, source), ['main.py']);
    expect(said.title).toContain(title);
    expect(said.hint).toContain(hint);
  });

  it('contradicts itself by no file that was added since', () => {
    const said = explain(report('FileNotFoundError', "No file 'hero.png' found in working directory '/project'."), ['main.py', 'hero.png']);
    expect(said.title).toContain('no file called “hero.png”');
    expect(said.hint).not.toContain('there is “hero.png”');
  });

  it('takes near names from the own files, too', () => {
    expect(explain(report('ModuleNotFoundError', "No module named 'enemi'"), ['main.py', 'enemy.py']).hint).toBe('Did you mean “enemy”?');
  });

  it('calls an own module with a missing name by its name', () => {
    expect(explain(report('AttributeError', "module 'enemy' has no attribute 'Enmy'"), ['enemy.py']).title).toContain(
      '“enemy” has no “Enmy”',
    );
  });

  it('takes a report without text or lines', () => {
    for (const type of ['NameError', 'SyntaxError', 'TypeError', 'AttributeError', 'ImportError', 'ValueError', 'Banana']) {
      expect(explain({ type, message: '' }).title).not.toBe('');
    }
  });
});
