import { errorWords } from '../language/errorWords';
import { explainAttribute } from './explainAttribute';
import { explainMissingFile } from './explainFile';
import { explainImport, modules } from './explainImport';
import { explainSyntax } from './explainSyntax';
import { explainType } from './explainType';
import { type Explanation, type Mistake, type Reported, readMistake } from './mistake';

export type { Explanation } from './mistake';

/** Names of pygame that programs use without “pygame.” before them. */
const pygameNames = /^(K_\w+|KMOD_\w+|QUIT|KEYDOWN|KEYUP|MOUSE[A-Z]+|USEREVENT|SRCALPHA|RESIZABLE|FULLSCREEN|Rect|Surface|Color|Vector2)$/;
/** Names that Pygame Zero gives a program. */
const pygameZeroNames = /^(Actor|keyboard|screen|sounds|images|music|animate|keys|clock|tone|mouse|ZRect)$/;

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
  const { type, message, source, files } = mistake;
  let m: RegExpMatchArray | null;
  // raise ValueError("Too many lives")
  if (/^raise\b/.test(source) && message !== '' && !/^(SyntaxError|IndentationError|TabError)$/.test(type))
    return errorWords().mistakes.raisedHere(message);

  switch (type) {
    case 'NameError':
      // name 'scroe' is not defined
      if ((m = message.match(/name '(.+?)' is not defined/))) return unknownName(m[1]!, mistake);
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
      if ((m = message.match(/expected an indented block after '?(\w+).* on line (\d+)/)))
        return errorWords().mistakes.indentAfter(blockWords[m[1]!] ?? m[1]!, m[2]!);
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
      // list index out of range | string index out of range | Cannot choose from an empty sequence | pop from empty list
      if (/string index/.test(message)) return errorWords().mistakes.textTooShort;
      if (/choose from an empty/.test(message)) return errorWords().mistakes.choiceOfNothing;
      return /pop from empty/.test(message) ? errorWords().mistakes.emptyList : errorWords().explain.index;
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
      // list.remove(x): x not in list | 5 is not in list | substring not found | math domain error
      if (/not in list/.test(message)) return errorWords().mistakes.notInList;
      if (/substring not found/.test(message)) return errorWords().mistakes.notInText;
      if (/math domain|expected a (non-negative|nonnegative|positive) input/.test(message)) return errorWords().mistakes.notComputable;
      return /invalid color/i.test(message) ? errorWords().explain.colour : errorWords().explain.value;
    case 'ModuleNotFoundError':
    case 'ImportError':
      return explainImport(mistake);
    case 'FileNotFoundError':
      // [Errno 2] No such file or directory: 'level.txt' | No file 'player.png' found in working directory '/work'.
      m = message.match(/No file '(.+?)' found|No such file or directory: '(.+?)'/);
      return m ? explainMissingFile(m[1] ?? m[2]!, files, mistake.source) : errorWords().explain.noFileAnonymous;
    case 'RecursionError':
      return errorWords().explain.recursion;
    case 'MemoryError':
      return errorWords().explain.memory;
    case 'AssertionError':
      return errorWords().explain.assertion;
    case 'EOFError':
      return errorWords().explain.eof;
    case 'error':
      return explainPygame(mistake);
    case 'UnicodeDecodeError':
      return errorWords().mistakes.otherEncoding;
    case 'JSONDecodeError':
      // Expecting property name enclosed in double quotes: line 1 column 2 (char 1)
      m = message.match(/line \d+ column \d+/);
      return m ? errorWords().mistakes.notJson(m[0]) : errorWords().explain.value;
    case 'RuntimeError':
      return /changed size during iteration/.test(message) ? errorWords().mistakes.dictionaryChanged : errorWords().explain.other(type);
    default:
      return errorWords().explain.other(type);
  }
}

/** The words of Python for a block → the word in the program. */
const blockWords: Readonly<Record<string, string>> = { function: 'def', class: 'class' };

function unknownName(name: string, { files, near }: Mistake): Explanation {
  const words = errorWords();
  if (modules.includes(name)) return words.explain.forgotImport(name);
  if (name === 'self') return words.mistakes.selfOutside;
  if (pygameNames.test(name)) return words.mistakes.pygameName(name);
  // The Python of the report knows no such name, so it is no variable of the program.
  if (near === undefined && pygameZeroNames.test(name) && !files.includes(`${name}.py`)) return words.mistakes.pygameZero(name);
  return words.explain.unknownName(name);
}

/** Explains pygame.error. */
function explainPygame({ message, source, files }: Mistake): Explanation {
  const words = errorWords();
  let m: RegExpMatchArray | null;
  // No video mode has been set | display Surface quit | Parameter 'surface' is invalid: convert() without a window
  if (/display Surface quit/i.test(message)) return words.mistakes.windowClosed;
  if (/No video mode/i.test(message) || /Parameter 'surface' is invalid/.test(message)) return words.explain.noVideo;
  // video system not initialized | font not initialized | mixer not initialized
  if (/not initialized/i.test(message)) return words.explain.notInitialised;
  const loaded = /\(\s*(["'])(.+?)\1/.exec(source)?.[2];
  // Unsupported image format | Couldn't read first 4 bytes of audio data | Unrecognized audio format
  if (/Unsupported image format/i.test(message)) return words.mistakes.notPicture(loaded ?? '?');
  if (/audio (data|format)|Unrecognized (audio|music|sound)/i.test(message)) return words.mistakes.notSound(loaded ?? '?');
  if ((m = message.match(/(?:Couldn't open|Unable to open file) '?([^']+?)'?$/i)))
    return files.includes(m[1]!) ? words.mistakes.notSound(m[1]!) : explainMissingFile(m[1]!, files);
  return words.explain.pygame;
}
