import { errorWords } from '../language/errorWords';
import { explainSyntax } from './explainSyntax';
import { explainType } from './explainType';
import { capital, type Explanation, kind, type Mistake, type Reported, readMistake } from './mistake';

export type { Explanation } from './mistake';

/** Modules that games use. A project file with such a name replaces the module. */
const modules = [
  'pygame',
  'random',
  'math',
  'time',
  'sys',
  'os',
  'json',
  'numpy',
  'string',
  'copy',
  'enum',
  'turtle',
  'queue',
  'code',
  'statistics',
  'colorsys',
  'itertools',
];
/** Modules whose names are often misspelled. */
const common = ['pygame', 'random', 'math', 'time', 'numpy'];
/** Modules that need their own window. */
const windows = ['turtle', 'tkinter', 'pgzrun', 'pyglet', 'arcade', 'PyQt5'];
/** An attribute of events → the kind of event that has it, if there is only one. */
const eventsWith: Readonly<Record<string, string>> = {
  key: 'KEYDOWN',
  unicode: 'KEYDOWN',
  mod: 'KEYDOWN',
  pos: 'MOUSEBUTTONDOWN',
  button: 'MOUSEBUTTONDOWN',
  rel: 'MOUSEMOTION',
  buttons: 'MOUSEMOTION',
  text: 'TEXTINPUT',
  y: 'MOUSEWHEEL',
  x: 'MOUSEWHEEL',
};

/** Explains Python's error in plain words. Samples of the messages stand next to their rules; unknown ones get a general sentence. */
export function explain(report: Reported, files: readonly string[] = []): Explanation {
  const mistake = readMistake(report, files);
  const explanation = choose(mistake);
  // Python's own suggestion is better than general advice.
  return mistake.near === undefined || !suggests.has(mistake.type)
    ? explanation
    : { ...explanation, hint: errorWords().explain.didYouMean(mistake.near) };
}

const suggests = new Set(['NameError', 'AttributeError', 'ImportError']);

function choose(mistake: Mistake): Explanation {
  const { type, message } = mistake;
  let m: RegExpMatchArray | null;

  switch (type) {
    case 'NameError':
      // name 'scroe' is not defined
      if ((m = message.match(/name '(.+?)' is not defined/)))
        return modules.includes(m[1]!) ? errorWords().explain.forgotImport(m[1]!) : errorWords().explain.unknownName(m[1]!);
      return errorWords().explain.other(type);
    case 'UnboundLocalError':
      // cannot access local variable 'score' where it is not associated with a value
      // local variable 'score' referenced before assignment
      m = message.match(/local variable '(.+?)'/);
      return m ? errorWords().explain.beforeAssignment(m[1]!) : errorWords().explain.other(type);
    case 'TabError':
      return errorWords().explain.tabs;
    case 'IndentationError':
      // expected an indented block after 'if' statement on line 3 | unexpected indent | unindent does not match any …
      if (/expected an indented block/.test(message)) return errorWords().explain.needsIndent;
      if (/unindent/.test(message)) return errorWords().explain.indentMismatch;
      return errorWords().explain.unexpectedIndent;
    case 'SyntaxError':
      return explainSyntax(mistake);
    case 'TypeError':
      return explainType(mistake);
    case 'AttributeError':
      return explainAttribute(mistake);
    case 'ZeroDivisionError':
      return errorWords().explain.zeroDivision;
    case 'IndexError':
      return errorWords().explain.index;
    case 'KeyError':
      return errorWords().explain.key(message === '' ? '?' : message);
    case 'ValueError':
      // invalid literal for int() with base 10: 'twelve' | could not convert string to float: 'fast'
      if ((m = message.match(/invalid literal for int\(\).*?: (['"])(.*)\1|could not convert string to float: (['"])(.*)\3/))) {
        const text = m[2] ?? m[4]!;
        return m[2] !== undefined && /^-?\d+[.,]\d+$/.test(text)
          ? errorWords().explain.notWhole(text)
          : errorWords().explain.notNumber(text);
      }
      if (/could not convert string to float/.test(message)) return errorWords().explain.notNumber('');
      // too many values to unpack (expected 2) | not enough values to unpack (expected 2, got 1)
      if (/values to unpack/.test(message)) return errorWords().explain.unpack;
      return /invalid color/i.test(message) ? errorWords().explain.colour : errorWords().explain.value;
    case 'ModuleNotFoundError':
    case 'ImportError':
      return explainImport(mistake);
    case 'FileNotFoundError':
      // [Errno 2] No such file or directory: 'level.txt' | No file 'player.png' found in working directory '/work'.
      m = message.match(/No file '(.+?)' found|No such file or directory: '(.+?)'/);
      return m ? errorWords().explain.noFile(m[1] ?? m[2]!) : errorWords().explain.noFileAnonymous;
    case 'RecursionError':
      return errorWords().explain.recursion;
    case 'MemoryError':
      return errorWords().explain.memory;
    case 'AssertionError':
      return errorWords().explain.assertion;
    case 'EOFError':
      return errorWords().explain.eof;
    case 'error':
      // pygame.error: video system not initialized | font not initialized | No video mode has been set | Couldn't open x.png
      if (/No video mode|display Surface quit/i.test(message)) return errorWords().explain.noVideo;
      if (/not initialized/i.test(message)) return errorWords().explain.notInitialised;
      if ((m = message.match(/(?:Couldn't open|Unable to open file) '?([^']+?)'?$/i))) return errorWords().explain.noFile(m[1]!);
      return errorWords().explain.pygame;
    default:
      return errorWords().explain.other(type);
  }
}

function explainAttribute({ type, message, files }: Mistake): Explanation {
  let m: RegExpMatchArray | null;
  // 'NoneType' object has no attribute 'move' | module 'pygame' has no attribute 'drw'
  if ((m = message.match(/'NoneType' object has no attribute '(.+?)'/))) return errorWords().explain.noneAttribute(m[1]!);
  if ((m = message.match(/module '(.+?)' has no attribute '(.+?)'/)))
    return hides(m[1]!, message, files) ?? errorWords().explain.noAttribute(errorWords().explain.quoted(m[1]!), m[2]!);
  // 'pygame.event.Event' object has no attribute 'key' | 'Event' object …
  if ((m = message.match(/'(?:pygame\.event\.)?Event' object has no attribute '(.+?)'/)))
    return errorWords().explain.eventOfOtherKind(m[1]!, eventsWith[m[1]!]);
  if ((m = message.match(/'(.+?)' object has no attribute '(.+?)'/))) return errorWords().explain.noAttribute(capital(kind(m[1]!)), m[2]!);
  return errorWords().explain.other(type);
}

function explainImport({ type, message, source, files }: Mistake): Explanation {
  // No module named 'enemi' | No module named 'tkinter', please install the python3-tk package
  const missing = /No module named '(.+?)'/.exec(message)?.[1];
  // `import turtle` fails because of tkinter: the explanation names the module of the line.
  const asked = /^(?:import|from)\s+(\w+)/.exec(source)?.[1] ?? missing ?? '';
  const window = windows.find((name) => name === asked || name === missing?.split('.')[0]);
  if (window !== undefined) return errorWords().explain.notHere(windows.includes(asked) ? asked : window);
  if (missing !== undefined) {
    const near = nearest(missing, [...common, ...files.filter((file) => /^\w+\.py$/.test(file)).map((file) => file.slice(0, -3))]);
    const explanation = errorWords().explain.noModule(missing);
    return near === undefined ? explanation : { ...explanation, hint: errorWords().explain.didYouMean(near) };
  }
  // cannot import name 'randnt' from 'random' (/usr/lib/python3.13/random.py)
  const from = /cannot import name '.+?' from '(\w+)'/.exec(message)?.[1];
  return (
    (from === undefined ? undefined : hides(from, message, files)) ??
    (type === 'ImportError' ? errorWords().explain.importName : errorWords().explain.other(type))
  );
}

/** Explains that a project file with the name of a Python module replaces that module. */
function hides(module: string, message: string, files: readonly string[]): Explanation | undefined {
  const known = modules.includes(module) || /consider renaming/.test(message);
  return known && files.includes(`${module}.py`) ? errorWords().explain.hidesModule(module) : undefined;
}

/** Returns the name that differs by at most two letters, or by one in a short name. */
function nearest(name: string, names: readonly string[]): string | undefined {
  const most = name.length < 5 ? 1 : 2;
  let best: string | undefined;
  let bestDistance = most + 1;
  for (const other of names) {
    const distance = distanceOf(name, other);
    if (distance > 0 && distance < bestDistance) [best, bestDistance] = [other, distance];
  }
  return best;
}

/** Returns how many letters must be added, dropped or changed. */
function distanceOf(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length]!;
}
