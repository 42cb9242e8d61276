import type { ErrorReport } from '../stream/protocol';
import { strings } from '../strings';

export interface Explanation {
  /** What happened, one short sentence. */
  title: string;
  /** What to try. */
  hint: string;
}

const words = strings.explain;
const kind = (type: string): string => words.kinds[type] ?? `“${type}”`;
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const modules = new Set(['pygame', 'random', 'math', 'time', 'sys', 'os', 'json', 'numpy']);

/** Python's error in plain words. Samples of the messages stand beside their rules; unknown ones get a general sentence. */
export function explain(error: Pick<ErrorReport, 'type' | 'message'>): Explanation {
  const { message } = error;
  const type = error.type.split('.').at(-1) ?? error.type;
  let m: RegExpMatchArray | null;

  switch (type) {
    case 'NameError':
      // name 'scroe' is not defined. Did you mean: 'score'?
      if ((m = message.match(/name '(.+?)' is not defined(?:\. Did you mean: '(.+?)'\?)?/))) {
        const name = m[1]!;
        if (modules.has(name)) return words.forgotImport(name);
        return m[2] !== undefined ? words.unknownNameHint(name, m[2]) : words.unknownName(name);
      }
      return words.other(type);
    case 'UnboundLocalError':
      // cannot access local variable 'score' where it is not associated with a value
      // local variable 'score' referenced before assignment
      m = message.match(/local variable '(.+?)'/);
      return m ? words.beforeAssignment(m[1]!) : words.other(type);
    case 'TabError':
      return words.tabs;
    case 'IndentationError':
      // expected an indented block after 'if' statement on line 3 | unexpected indent | unindent does not match any …
      if (/expected an indented block/.test(message)) return words.needsIndent;
      if (/unindent/.test(message)) return words.indentMismatch;
      return words.unexpectedIndent;
    case 'SyntaxError':
      // expected ':' | '(' was never closed | unmatched ')' | unterminated string literal | invalid syntax. Maybe you meant '=='
      if (/expected ':'/.test(message)) return words.missingColon;
      if ((m = message.match(/'(.)' was never closed/))) return words.unclosed(m[1]!);
      if ((m = message.match(/unmatched '(.)'|closing parenthesis '(.)'/))) return words.unmatched(m[1] ?? m[2]!);
      if (/unterminated|EOL while scanning/.test(message)) return words.unclosedText;
      if (/Maybe you meant '=='|cannot assign to (comparison|expression|function call)/.test(message)) return words.assignInCondition;
      return words.syntax;
    case 'TypeError':
      // can only concatenate str (not "int") to str | unsupported operand type(s) for +: 'int' and 'str'
      if (/concatenate str|for \+=?: '(int|float)' and 'str'|for \+=?: 'str' and/.test(message)) return words.textPlusNumber;
      // 'int' object is not callable
      if ((m = message.match(/'(\w+)' object is not callable/))) return words.notCallable(capital(kind(m[1]!)));
      // move() missing 1 required positional argument: 'dx' | takes 1 positional argument but 2 were given
      if ((m = message.match(/([\w.]+)\(\) (missing|takes|got)/))) return words.wrongArguments(m[1]!.split('.').at(-1)!);
      if (/NoneType/.test(message)) return words.noneUsed;
      if (/invalid color/i.test(message)) return words.colour;
      return words.type;
    case 'AttributeError':
      // 'NoneType' object has no attribute 'move' | module 'pygame' has no attribute 'drw'
      if ((m = message.match(/'NoneType' object has no attribute '(.+?)'/))) return words.noneAttribute(m[1]!);
      if ((m = message.match(/module '(.+?)' has no attribute '(.+?)'/))) return words.noAttribute(`“${m[1]}”`, m[2]!);
      if ((m = message.match(/'(.+?)' object has no attribute '(.+?)'/))) return words.noAttribute(capital(kind(m[1]!)), m[2]!);
      return words.other(type);
    case 'ZeroDivisionError':
      return words.zeroDivision;
    case 'IndexError':
      return words.index;
    case 'KeyError':
      return words.key(message === '' ? '?' : message);
    case 'ValueError':
      return /invalid color/i.test(message) ? words.colour : words.value;
    case 'ModuleNotFoundError':
      // No module named 'enemi'
      m = message.match(/No module named '(.+?)'/);
      return m ? words.noModule(m[1]!) : words.other(type);
    case 'ImportError':
      return words.importName;
    case 'FileNotFoundError':
      // [Errno 2] No such file or directory: 'level.txt' | No file 'player.png' found in working directory '/work'.
      m = message.match(/No file '(.+?)' found|No such file or directory: '(.+?)'/);
      return m ? words.noFile(m[1] ?? m[2]!) : words.noFileAnonymous;
    case 'RecursionError':
      return words.recursion;
    case 'MemoryError':
      return words.memory;
    case 'AssertionError':
      return words.assertion;
    case 'EOFError':
      return words.eof;
    case 'error':
      // pygame.error: video system not initialized | font not initialized | No video mode has been set | Couldn't open x.png
      if (/No video mode|display Surface quit/i.test(message)) return words.noVideo;
      if (/not initialized/i.test(message)) return words.notInitialised;
      if ((m = message.match(/(?:Couldn't open|Unable to open file) '?([^']+?)'?$/i))) return words.noFile(m[1]!);
      return words.pygame;
    default:
      return words.other(type);
  }
}
